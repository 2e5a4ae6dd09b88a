#!/bin/sh
# A native program with the model inside, and the same answers as the Python that it was translated from.
set -e
here=$(dirname "$0")
depyler compile "$here/judge.py" --force --profile debug --embed tumours.apr=tumours.apr -o judge
python -c "import numpy; numpy.savetxt('rows.txt', numpy.load('rows.npy')[:20])"
echo "no number" >> rows.txt
python "$here/judge.py" < rows.txt > expected.txt
./judge < rows.txt | cmp - expected.txt
echo "the same answers, without Python: $(wc -l < expected.txt)"
