#!/bin/sh
# Look at the file, and prove that it is whole. Reading needs neither Python code of the model nor scikit-learn.
set -e
apr inspect tumours.apr
apr tensors tumours.apr
apr validate tumours.apr
