//! Loops over many samples, compiled a second time for processors with AVX2.
#![allow(unsafe_code, reason = "code for AVX2 may only run where there is AVX2, which is asked before")]

/// Runs `work` with AVX2 if the processor has it. Only code that is inlined into `work` benefits.
#[inline(always)]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function was compiled for.
            return unsafe { with_avx2(work) };
        }
    }
    work()
}
