#!/bin/sh
# Temporal's two databases, made and brought up to date by its own tool. Safe to run again.
set -eu
for database in temporal temporal_visibility; do
    folder=/etc/temporal/schema/postgresql/v12/temporal/versioned
    [ "$database" = temporal ] || folder=/etc/temporal/schema/postgresql/v12/visibility/versioned
    export SQL_DATABASE="$database"
    temporal-sql-tool create || echo "$database exists already"
    temporal-sql-tool setup-schema -v 0.0 || echo "$database has a schema already"
    temporal-sql-tool update-schema -d "$folder"
done
