#!/usr/bin/env bash
# Opens the pages of an edition in headless Chromium, from file:// and at the width of a phone, and fails when one is wider
# than its window, holds text too small to read, or has low contrast.
#
#   tests/browser/overflow.sh FOLDER [PAGE …]     FOLDER holds index.html; without pages, one of each kind is opened
#
# Needs: chromium (Debian: apt-get install -y chromium).
set -euo pipefail

folder=$(realpath "$1")
shift
here=$(dirname "$(realpath "$0")")
browser=${CHROMIUM:-chromium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pages=("$@")
if [ ${#pages[@]} -eq 0 ]; then
    # The largest page of each kind is the one most likely to break.
    largest() { find "$folder/$1" -name '*.html' -printf '%s %P\n' | sort -rn | head -n "$2" | sed "s|^[0-9]* |$1/|"; }
    mapfile -t pages < <(printf '%s\n' index.html methods.html appendix.html data.html; largest regions 4; largest indicators 4)
fi

failed=0
for width in 360 390 1280; do
    {
        printf '<!doctype html><title>measure</title><body data-width="%s">' "$width"
        for page in "${pages[@]}"; do printf '<a href="file://%s/%s"></a>' "$folder" "$page"; done
        printf '<script>'
        cat "$here/measure.js"
        printf '</script>'
    } > "$work/measure.html"
    "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --allow-file-access-from-files --user-data-dir="$work/profile" \
        --window-size=1400,1000 --virtual-time-budget=60000 --dump-dom "file://$work/measure.html" \
        2> "$work/log" > "$work/dom"
    n_measured=$(grep -o 'class="measured"' "$work/dom" | wc -l)
    if [ "$n_measured" -ne "${#pages[@]}" ]; then
        echo "only $n_measured of ${#pages[@]} pages could be opened at $width px" >&2
        failed=1
    fi
    if grep -o 'PROBLEM [^<]*' "$work/dom" >&2; then failed=1; fi
done
[ "$failed" -eq 0 ] && echo "${#pages[@]} pages fit at 360, 390 and 1280 px"
exit "$failed"
