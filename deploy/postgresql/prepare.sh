#!/bin/sh
# Run once, by the image's entry point, when the server is new.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --file /etc/postgresql/prepare.sql
