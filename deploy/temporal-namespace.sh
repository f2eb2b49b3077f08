#!/bin/sh
# The namespace orders live in. Temporal forgets closed processes after 30 days; the ledger does not.
set -eu
tries=0
until temporal operator cluster health >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "Temporal did not become healthy" >&2; exit 1; }
    sleep 1
done
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
    temporal operator namespace create --namespace default --retention 720h
