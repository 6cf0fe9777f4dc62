#!/bin/sh
# SPDX-License-Identifier: MIT
# demo_test.sh DEMO FOLDER: DEMO refuses files that it cannot use, counts odd ones that it can, and draws only if told.
set -u
demo=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/directory" && cd "$folder" || exit 1
failures=0

fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# refuses FILE TEXT: status 2, nothing on standard output, and one line on standard error that has FILE and TEXT.
refuses() {
  "$demo" "$1" >out 2>err
  status=$?
  [ $status -eq 2 ] || fail "$1: status $status instead of 2"
  [ ! -s out ] || fail "$1: a report in spite of the error"
  [ "$(wc -l <err)" -eq 1 ] || fail "$1: not one line but: $(cat err)"
  grep -qF "$1" err || fail "$1: not named in: $(cat err)"
  grep -qF "$2" err || fail "$1: '$2' not said in: $(cat err)"
}

# counts FILE WORDS DIFFERENT: status 0, and the report has these numbers.
counts() {
  "$demo" "$1" >out 2>err
  status=$?
  [ $status -eq 0 ] || fail "$1: status $status: $(cat err)"
  grep -qE "^ *words +$2\$" out || fail "$1: not $2 words: $(grep -E '^ *words ' out)"
  grep -qE "^ *different +$3\$" out || fail "$1: not $3 different words: $(grep -E '^ *different ' out)"
}

: >empty
printf ' \n\t\n ' >blank
head -c 1000000 /dev/zero >zeros
refuses missing 'No such file'
refuses directory 'directory'
refuses empty 'no words'
refuses blank 'no words'
refuses zeros 'no words'
if [ "$(id -u)" -ne 0 ]; then
  echo words >unreadable
  chmod 0 unreadable
  refuses unreadable 'denied'
fi

printf 'one two\ttwo\nthree' >no_newline_at_the_end
counts no_newline_at_the_end 4 3
printf 'one\r\ntwo\r\n' >carriage_returns
counts carriage_returns 2 2
printf 'one\0two\0one' >nul_between_words
counts nul_between_words 3 2
printf '\377\376 \303\251 \377\376\n' >not_utf8
counts not_utf8 3 2
head -c 5000000 /dev/zero | tr '\0' a >one_line_of_megabytes
counts one_line_of_megabytes 1 1
{ head -c 3000000 /dev/zero | tr '\0' ' ' && echo word; } >one_word_after_megabytes
counts one_word_after_megabytes 1 1

# The fullest table is three quarters full, whether tables grow by four or, as from 98304 words on, by two.
for words in 100 100000; do
  seq 1 $words >numbers
  counts numbers $words $words
  grep -q '75\.0 % full (as full as it gets' out || fail "$words words: $(grep 'as full as it gets' out)"
done

# The picture is written only where --picture says, and nothing else is.
mkdir quiet && cd quiet || exit 1
"$demo" ../no_newline_at_the_end >../out 2>../err || fail "no picture: $(cat ../err)"
[ -z "$(ls -A)" ] || fail "without --picture it wrote $(ls -A)"
tail -n 1 ../out | grep -q 'No picture .* --picture FILE' || fail "the last line is not about the picture: $(tail -n 1 ../out)"
"$demo" ../no_newline_at_the_end --picture drawn.svg >../out 2>../err || fail "picture: $(cat ../err)"
[ "$(ls -A)" = drawn.svg ] || fail "with --picture drawn.svg it wrote: $(ls -A)"
grep -q '</svg>' drawn.svg || fail "drawn.svg is no whole picture"
tail -n 1 ../out | grep -qF drawn.svg || fail "the last line does not name the picture: $(tail -n 1 ../out)"
cd ..
"$demo" no_newline_at_the_end --picture directory/missing/ring.svg >out 2>err
[ $? -eq 2 ] || fail "a picture that cannot be written: not status 2"
[ ! -s out ] || fail "a picture that cannot be written: a report in spite of the error"
grep -qF directory/missing/ring.svg err || fail "a picture that cannot be written: not named in: $(cat err)"

[ $failures -eq 0 ] && echo "all files are counted or refused as they should be, and drawn only if told"
exit $((failures > 0))
