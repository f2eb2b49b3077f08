#!/bin/sh
# The running role: it can log in, and owns nothing. 'raccord migrate' gives it its rights.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$RACCORD_APP_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE raccord_app LOGIN PASSWORD :'password';
SQL
