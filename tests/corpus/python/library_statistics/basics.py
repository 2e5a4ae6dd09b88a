import statistics as st
from statistics import mean, median

print(mean([1, 2, 3, 4]), mean([1.5, 2.5]), median([3, 1, 2]), median([1, 2, 3, 4]), st.mode([1, 1, 2]), st.mode("aab"))
print(st.stdev([1, 2, 3, 4]), st.pstdev([1, 2, 3, 4]), st.variance([2.5, 3.5, 1.0]), st.pvariance([1, 2, 3]), st.median_low([1, 2, 3, 4]), st.median_high([1, 2, 3, 4]))
print(st.multimode([1, 1, 2, 2, 3]), st.fmean([1, 2, 4]), st.geometric_mean([1, 2, 4]), st.harmonic_mean([1, 2, 4]), st.quantiles([1, 2, 3, 4, 5], n=4))
try:
    mean([])
except st.StatisticsError as e:
    print(e)
try:
    st.stdev([1])
except st.StatisticsError as e:
    print(e)
