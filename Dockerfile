# The bot from the lock, as an ordinary user; everything it keeps is in /data.
#   docker build -t studybot .
#   docker run -it -v studybot:/data studybot
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/studybot && python -m venv /opt/build
COPY requirements.txt requirements-build.txt ./
RUN /opt/studybot/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY migrations migrations
COPY questions questions
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/studybot/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home studybot && install -d -o studybot -g studybot /data
COPY --from=build /opt/studybot /opt/studybot
ENV PATH=/opt/studybot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STUDYBOT_DATABASE_URL=sqlite:////data/studybot.db
USER studybot
WORKDIR /data
VOLUME /data
ENTRYPOINT ["studybot"]
CMD ["run"]
