//! Functions that are compiled once more for wide registers, and chosen when they are called.
//!
//! Rust never fuses or reorders additions by itself, so both copies give the same bits; the wide one is only sooner done.

/// Define a function and its copy for processors with AVX2 and FMA.
macro_rules! wide {
    ($(#[$meta:meta])* $vis:vis fn $name:ident $(<$t:ident: $bound:path>)? ($($argument:ident: $type:ty),* $(,)?)
        $(-> $out:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name $(<$t: $bound>)? ($($argument: $type),*) $(-> $out)? {
            #[inline(always)]
            fn plain $(<$t: $bound>)? ($($argument: $type),*) $(-> $out)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                unsafe fn wide $(<$t: $bound>)? ($($argument: $type),*) $(-> $out)? {
                    plain($($argument),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
                    // SAFETY: the processor has been asked.
                    return unsafe { wide($($argument),*) };
                }
            }
            plain($($argument),*)
        }
    };
}
pub(crate) use wide;
