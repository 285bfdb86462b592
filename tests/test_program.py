"""The real program as a subprocess: piped chats, imports, numbers, and what it says when something is wrong."""

import json
import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "papers" / "seed.txt"
PAPER = """一、单选题(共2题)
1.下列哪个是行星?
A.月球
B.火星
C.太阳
D.北极星
答案:B
解析:火星绕太阳运行。
2.一周有几天?
A.5
B.6
C.7
D.8
答案:C
"""


def studybot(folder: Path, *words: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """The program run once, with a database of its own in a folder."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment(folder, **more),
        input=said,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def environment(folder: Path, **more: str) -> dict[str, str]:
    base = {
        "HOME": str(folder),
        "PATH": os.defpath,
        "LANG": "zh_CN.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(ROOT),
        "STUDYBOT_DATABASE_URL": f"sqlite:///{folder / 'study.db'}",
        "STUDYBOT_SEED": "7",
    }
    return base | more


def shown(folder: Path, *words: str, until: str) -> str:
    """What a person at a keyboard sees, up to some words; then the program is ended."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment(folder, TERM="xterm", NO_COLOR="1", PROMPT_TOOLKIT_NO_CPR="1"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as program:
        os.close(theirs)
        seen = b""
        while until.encode() not in seen:
            seen += os.read(ours, 1)
        program.kill()
    os.close(ours)
    return seen.decode(errors="replace")


def stats(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(studybot(folder, "stats", "--json").stdout)
    return found


def test_a_pipe_answers_a_question(tmp_path: Path) -> None:
    """Three lines through a pipe: a question, a verdict with its explanation, the numbers; nothing on stderr."""
    run = studybot(tmp_path, "chat", said="/study\nA\n/stats\n")

    assert run.returncode == 0
    assert run.stderr == ""
    assert run.stdout.startswith("【")
    assert "解析：" in run.stdout
    assert "今天答了 1 次" in run.stdout
    numbers = stats(tmp_path)
    assert (numbers["learners"], numbers["answers"], numbers["streak_days"]) == (1, 1, 1)
    assert numbers["due"] >= 0


def test_a_chat_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """An open question takes its answer in the next run."""
    studybot(tmp_path, "chat", said="/study\n")
    run = studybot(tmp_path, "chat", said="A\n")

    assert "解析：" in run.stdout
    assert stats(tmp_path)["answers"] == 1


def test_a_seed_said_again_repeats_no_id(tmp_path: Path) -> None:
    """Three runs with the same seed: each answers a question of its own."""
    for _ in range(3):
        studybot(tmp_path, "chat", said="/study\n不会\n")

    assert stats(tmp_path)["answers"] == 3


def test_a_paper_becomes_a_course(tmp_path: Path) -> None:
    """From standard input into a set, and asked from it."""
    done = studybot(tmp_path, "import", "-", "--set", "stars", said=PAPER)
    run = studybot(tmp_path, "chat", said="/start set_stars\n")

    assert done.returncode == 0
    assert "set_stars" in done.stdout
    assert "下列哪个是行星" in run.stdout


def test_the_same_file_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    """A second import of the same bytes is told as such."""
    studybot(tmp_path, "import", "-", "--set", "stars", said=PAPER)
    again = studybot(tmp_path, "import", "-", "--set", "stars", said=PAPER)

    assert "没有变化" in again.stdout


OTHER = """期末语文
一、判断题
1.李白是唐代诗人。
答案:对
2.杜甫是宋代诗人。
答案:错
"""


def sets(folder: Path) -> dict[str, str]:
    """The titles of the sets that came from papers, by code."""
    connection = sqlite3.connect(folder / "study.db")
    found = dict(connection.execute("SELECT code, title FROM question_set"))
    connection.close()
    return found


def test_a_pipe_studies_the_file_it_is_given(tmp_path: Path) -> None:
    """`chat FILE` has the set join without a greeting, before the first line is heard."""
    (tmp_path / "stars.txt").write_text(PAPER, encoding="utf-8")
    run = studybot(tmp_path, "chat", "stars.txt", said="/study\n/sets\n")

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("【单选】下列哪个是行星?")
    assert "✓ stars" in run.stdout


def test_a_file_of_which_nothing_can_be_asked_begins_no_chat(tmp_path: Path) -> None:
    """It is told how many questions wait, and why."""
    (tmp_path / "stars.txt").write_text(PAPER.replace("答案:", "得分:"), encoding="utf-8")
    run = studybot(tmp_path, "chat", "stars.txt", said="/study\n")

    assert (run.returncode, run.stdout) == (64, "")
    assert run.stderr == "「stars」现在没有能出的题：2 题等人看（没有答案）。\n"


def test_nobody_takes_the_output(tmp_path: Path) -> None:
    """A full disk behind a pipe ends the chat with a sentence and a code, not with a traceback."""
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "bot", "chat"],
            cwd=tmp_path,
            env=environment(tmp_path),
            input="/study\n",
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    assert run.stderr == "The output cannot be written: No space left on device.\n"
    assert run.returncode == 74


def test_streams_may_be_closed(tmp_path: Path) -> None:
    """Answers are taken though nobody can read the verdict, and nothing is read where nothing can be typed."""
    for closed in (">&-", "<&- >&- 2>&-"):
        run = subprocess.run(  # noqa: S603 - our own program
            ["/bin/sh", "-c", f'exec "$0" -m bot chat {closed}', sys.executable],
            cwd=tmp_path,
            env=environment(tmp_path),
            input="/study\nA\n",
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

        assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(studybot(tmp_path, "stats", "--json").stdout)["answers"] == 1


@pytest.mark.parametrize(("words", "told"), [("run", True), ("chat", False)])
def test_who_runs_it_is_told_how_platforms_are_connected(tmp_path: Path, words: str, told: bool) -> None:  # noqa: FBT001 - an example's value
    """In one line before the chat, as long as none is; who only wants the chat is not bothered."""
    seen = shown(tmp_path, words, until="64 题")

    assert seen.startswith("还没有连接平台：把 STUDYBOT_TELEGRAM_TOKEN=… 或 STUDYBOT_DISCORD_TOKEN=… 写进") is told


def test_an_import_says_what_cannot_be_asked(tmp_path: Path) -> None:
    """Before a keyboard it is asked with both numbers: what is imported, and what of it is held back."""
    (tmp_path / "paper.txt").write_text(PAPER.replace("答案:C\n", ""), encoding="utf-8")
    seen = shown(tmp_path, "import", "paper.txt", until="[y/N]")

    assert seen.endswith("导入 2 题到「paper」？其中 1 题有疑问，先不出。 [y/N]")


def test_a_terminal_is_told_what_was_read(tmp_path: Path) -> None:
    """`chat FILE` says what the file holds and what waits, then greets and asks."""
    (tmp_path / "stars.txt").write_text(PAPER.replace("答案:C", ""), encoding="utf-8")
    seen = shown(tmp_path, "chat", "stars.txt", until="下列哪个是行星")
    before, _, greeting = seen.partition("  第 9 行，单选 2：no-key（没有答案）")

    assert before.endswith("读到 2 题。\r\n1 题有疑问，先不出：\r\n")
    assert "「stars」" in greeting


def test_two_papers_are_two_sets(tmp_path: Path) -> None:
    """Names that differ only where a code cannot, and two papers from standard input, stay apart."""
    for name, text in (("2025年数学.txt", PAPER), ("2025年语文.txt", OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    runs = [studybot(tmp_path, "import", name) for name in ("2025年数学.txt", "2025年语文.txt")]
    runs += [studybot(tmp_path, "import", "-", said=text) for text in (PAPER, OTHER, OTHER)]

    assert [run.returncode for run in runs] == [0] * 5
    assert "没有变化" in runs[4].stdout
    assert len(sets(tmp_path)) == 4
    assert all("停用 0 题" in run.stdout for run in runs[:4])


def test_another_paper_under_a_known_name_is_refused(tmp_path: Path) -> None:
    """It is told, and read where --set or --yes says so; a bundled set is never replaced."""
    (tmp_path / "a.txt").write_text(PAPER, encoding="utf-8")
    studybot(tmp_path, "import", "a.txt")
    for name in ("a.txt", "xai.txt"):
        (tmp_path / name).write_text(OTHER, encoding="utf-8")
    refused = [studybot(tmp_path, *words) for words in (("import", "a.txt"), ("chat", "a.txt"), ("import", "xai.txt"))]
    before = sets(tmp_path)
    taken = [studybot(tmp_path, "import", "a.txt", *more) for more in (("--set", "b"), ("--yes",))]

    assert [run.returncode for run in refused] == [64] * 3
    assert [run.stderr.count("\n") for run in refused] == [1] * 3
    assert before["a"] == "a"
    assert [run.returncode for run in taken] == [0, 0]
    assert (sets(tmp_path)["a"], sets(tmp_path)["b"]) == ("期末语文", "期末语文")


def test_a_set_is_named_by_set_and_called_by_its_file(tmp_path: Path) -> None:
    """--set NAME is the code, of a pack too; the title stays the file's own."""
    pack = ROOT / "questions" / "xai.yaml"
    run = studybot(tmp_path, "import", str(pack), "--set", "other")
    studybot(tmp_path, "import", "-", "--set", "poems", said=OTHER)

    assert run.returncode == 0
    assert sets(tmp_path) == {"other": "可解释 AI 与高效训练", "poems": "期末语文"}


def test_a_dry_run_prints_one_object_and_makes_no_database(tmp_path: Path) -> None:
    """--dry-run --json: one JSON object with the documented fields, and nothing is written."""
    run = studybot(tmp_path, "import", "-", "--dry-run", "--json", said=PAPER)
    found = json.loads(run.stdout)

    assert list(found) == [
        "source",
        "title",
        "promised",
        "found",
        "by_kind",
        "questions",
        "warnings",
        "duplicates",
        "dropped_lines",
    ]
    assert (found["promised"], found["found"], found["by_kind"]) == (2, 2, {"single": 2})
    assert found["questions"][0]["answer"] == ["B"]
    assert not (tmp_path / "study.db").exists()


@pytest.mark.skipif(not SEED.exists(), reason="../shared is not beside the project: the real paper is read there only")
def test_the_seed_paper_is_studied(tmp_path: Path) -> None:
    """The real paper from a sharing site is read, and asked from, in one command each."""
    done = studybot(tmp_path, "import", str(SEED), "--json")
    run = studybot(tmp_path, "chat", said="/start set_seed\n不会\n")

    assert json.loads(done.stdout)["imported"] == {
        "set": "seed",
        "new": 50,
        "revised": 0,
        "returned": 0,
        "same": 0,
        "archived": 0,
        "review": 3,
    }
    assert "○ 记下了" in run.stdout


def test_reports_are_listed(tmp_path: Path) -> None:
    """What a learner reports stands in the operator's numbers."""
    studybot(tmp_path, "chat", said="/study\nA\n题目有误\n题目不清\n")
    run = studybot(tmp_path, "stats")

    assert "unclear" in run.stdout


FAULTS = [
    ("folder", 66, "folder"),
    ("garbage", 65, "damaged"),
    ("foreign", 65, "none of this program"),
    ("newer", 78, "later version"),
]


@pytest.mark.parametrize(("what", "code", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(
    tmp_path: Path, what: str, code: int, words: str
) -> None:
    """One line on stderr and an exit code, never a traceback; the file stays as it was."""
    path = tmp_path / "study.db"
    if what == "folder":
        path.mkdir()
    elif what == "garbage":
        path.write_bytes(random.Random(1).randbytes(8192))  # noqa: S311 - garbage
    else:
        with sqlite3.connect(path) as connection:
            name = "alembic_version (version_num TEXT)" if what == "newer" else "other (a TEXT)"
            connection.execute(f"CREATE TABLE {name}")
            if what == "newer":
                connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.close()
    before = None if path.is_dir() else path.read_bytes()

    run = studybot(tmp_path, "chat", said="/study\n")

    assert run.returncode == code
    assert words in run.stderr
    assert run.stderr.count("\n") == 1
    assert before is None or path.read_bytes() == before


@pytest.mark.parametrize("words", [("chat",), ("import", "-"), ("stats",), ("doctor",)], ids=lambda words: words[0])
def test_a_database_that_can_have_no_folder_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Also where the log cannot be made, which stands beside it."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = studybot(tmp_path, *words, said=PAPER, STUDYBOT_DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'study.db'}")

    assert "Traceback" not in run.stderr
    assert (run.returncode, run.stderr.count("\n")) == ((0, 0) if words == ("doctor",) else (74, 1))


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """The chat goes on, and says nothing of it."""
    (tmp_path / "studybot.log").mkdir()
    run = studybot(tmp_path, "chat", said="/study\nA\n", STUDYBOT_LOG_LEVEL="debug")

    assert (run.returncode, run.stderr) == (0, "")
    assert "解析：" in run.stdout


def test_wrong_settings_are_told_together(tmp_path: Path) -> None:
    """Two faults, two lines, no traceback."""
    run = studybot(tmp_path, "chat", STUDYBOT_ZONE="Nowhere/Land", STUDYBOT_LOG_LEVEL="loud")

    assert run.returncode == 78
    assert len(run.stderr.splitlines()) == 2


def test_a_file_that_is_no_paper_is_told(tmp_path: Path) -> None:
    """Exit code and one sentence for text without questions, and for a file that is not there."""
    nothing = studybot(tmp_path, "import", "-", said="Dear diary, today it rained.\n")
    missing = studybot(tmp_path, "import", "missing.txt")

    assert (nothing.returncode, missing.returncode) == (65, 66)
    assert len(nothing.stderr.splitlines()) == len(missing.stderr.splitlines()) == 1


def limited(*words: str) -> list[str]:
    """The command of a program that may take 400 MB of memory and no more."""
    limit = "import resource, runpy; resource.setrlimit(resource.RLIMIT_DATA, (400_000_000,) * 2)"
    return [sys.executable, "-c", f"{limit}; runpy.run_module('bot', run_name='__main__')", *words]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a program's memory in this way")
@pytest.mark.parametrize("where", ["paper.txt", "-"])
def test_a_vast_file_is_refused_before_it_is_read_whole(tmp_path: Path, where: str) -> None:
    """Two gigabytes, from a file and from standard input, cost no more memory than the limit."""
    vast = tmp_path / "paper.txt"
    with vast.open("wb") as file:
        file.truncate(2_000_000_000)
    with vast.open("rb") as source:
        run = subprocess.run(  # noqa: S603 - our own program
            limited("import", where, "--dry-run"),
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=source,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    assert (run.returncode, run.stderr) == (65, "The file is larger than 50 MB; split it into smaller files.\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    """The name is shown as far as it can be; two such names are two sets."""
    for name in (b"\xff1.txt", b"\xfe2.txt"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(PAPER, encoding="utf-8")
        run = studybot(tmp_path, "import", os.fsdecode(name), "--json")
        assert (run.returncode, run.stderr) == (0, "")
    missing = studybot(tmp_path, "import", os.fsdecode(b"\xff3.txt"))

    assert len(sets(tmp_path)) == 2
    assert (missing.returncode, missing.stderr.count("\n")) == (66, 1)


def test_what_the_import_holds_back_stands_in_the_dry_run(tmp_path: Path) -> None:
    """Also what only the kind of a question finds."""
    text = PAPER.replace("A.5\n", "A.6\n")
    found = json.loads(studybot(tmp_path, "import", "-", "--dry-run", "--json", said=text).stdout)
    done = json.loads(studybot(tmp_path, "import", "-", "--json", said=text).stdout)

    assert [[doubt["code"] for doubt in one["review"]] for one in found["questions"]] == [[], ["same-options"]]
    assert done["imported"]["review"] == 1


@pytest.mark.parametrize("code", ["nonsense", "no-key"])
def test_only_what_can_be_accepted_is(tmp_path: Path, code: str) -> None:
    """A doubt that nobody has, or that leaves nothing to ask, is refused with the list of those that can be."""
    run = studybot(tmp_path, "import", "-", "--accept", code, said=PAPER)

    assert run.returncode == 64
    assert run.stderr.startswith(f"--accept {code}：")
    assert "cut-off" in run.stderr
    assert not (tmp_path / "study.db").exists()


def test_backup_and_doctor(tmp_path: Path) -> None:
    """The copy holds what was answered; the doctor finds nothing wrong."""
    studybot(tmp_path, "chat", said="/study\nA\n")
    copied = studybot(tmp_path, "backup", "copy.db")
    again = studybot(tmp_path, "backup", "copy.db")
    doctor = studybot(tmp_path, "doctor")

    assert copied.returncode == 0
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        assert connection.execute("SELECT count(*) FROM answer").fetchone() == (1,)
    connection.close()
    assert again.returncode == 64
    assert doctor.returncode == 0
    assert "✗" not in doctor.stdout
    assert "✓ post: messages that wait: 0; arrivals set aside: 0" in doctor.stdout


def test_an_import_beside_a_running_chat(tmp_path: Path) -> None:
    """While a chat is open another process reads a paper in, and the chat can ask from it."""
    studybot(tmp_path, "chat", said="/help\n")
    with running(tmp_path) as chat:
        say(chat, "/study")
        done = studybot(tmp_path, "import", "-", "--set", "stars", said=PAPER)
        rest, faults = chat.communicate("/start set_stars\n", timeout=60)

    assert done.returncode == 0
    assert "下列哪个是行星" in rest
    assert faults == ""


@pytest.mark.parametrize("words", [("import", "paper.txt", "--yes"), ("chat",)], ids=["import", "chat"])
def test_several_may_begin_at_once(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Four processes that make the same set in a fresh database: none fails, and each question is there once."""
    (tmp_path / "paper.txt").write_text(PAPER, encoding="utf-8")
    runs = [running(tmp_path, *words) for _ in range(4)]
    told = [run.communicate("", timeout=60)[1] for run in runs]
    connection = sqlite3.connect(tmp_path / "study.db")
    states = connection.execute("SELECT DISTINCT state FROM question").fetchall()  # one too many would be archived
    connection.close()

    assert ([run.returncode for run in runs], told) == ([0] * 4, [""] * 4)
    assert states == [("live",)]


def running(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-u", "-m", "bot", *(words or ("chat",))],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def say(chat: subprocess.Popen[str], words: str) -> None:
    assert chat.stdin is not None
    chat.stdin.write(f"{words}\n")
    chat.stdin.flush()


def acknowledged(chat: subprocess.Popen[str], until: float) -> int:
    """Answers 不会 to one question after another, and counts the verdicts that came back until an instant."""
    assert chat.stdout is not None
    verdicts = 0
    say(chat, "/start set_many")
    for line in chat.stdout:
        verdicts += line.startswith("○ 记下了")
        if not line.startswith("也可以打："):
            continue
        if time.monotonic() > until:
            break
        say(chat, next((label for label in ("下一题", "再来一题") if label in line), "不会"))
    return verdicts


def killed_once(folder: Path, dice: random.Random) -> int:
    """One run, killed at a random moment; the answers that were acknowledged."""
    with running(folder) as chat:
        watch = threading.Timer(30, chat.kill)  # a chat that says nothing must not hold the suite
        watch.start()
        count = acknowledged(chat, time.monotonic() + dice.uniform(0.6, 1.2))
        chat.send_signal(signal.SIGKILL)
        chat.communicate()
        watch.cancel()
    return count


def kills(folder: Path, times: int) -> None:
    """Kills a busy chat again and again: what was acknowledged is there, nothing twice, the file is sound."""
    paper = "\n".join(
        f"{n}.数字{n}加一是多少?\nA.{n}\nB.{n + 1}\n答案:B" for n in range(1, min(12_000, 1000 + 100 * times))
    )
    studybot(folder, "import", "-", "--set", "many", said=f"一、单选题\n{paper}\n")
    dice = random.Random(3)  # noqa: S311 - when to kill
    total = sum(killed_once(folder, dice) for _ in range(times))

    connection = sqlite3.connect(folder / "study.db")
    (stored,) = connection.execute("SELECT count(*) FROM answer WHERE undone_by IS NULL").fetchone()
    (asks,) = connection.execute("SELECT count(DISTINCT ask_id) FROM answer WHERE undone_by IS NULL").fetchone()
    sound = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    assert total > 0
    assert total <= stored <= total + times  # one may have been stored and not yet told at each kill
    assert stored == asks
    assert sound == ("ok",)


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """The real chat, killed twenty times at random moments."""
    kills(tmp_path, 20)


@pytest.mark.torture
def test_kill_9_two_hundred_times(tmp_path: Path) -> None:
    """The same, two hundred times."""
    kills(tmp_path, 200)
