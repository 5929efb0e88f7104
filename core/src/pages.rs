//! Gives large buffers back to the system as soon as they are freed.
//!
//! The C library of Linux, glibc, has a heap for each thread that allocates at the same time as another. Buffers of up
//! to 32 MiB come from there once one of that size has been freed, and a heap keeps up to 64 MiB that nobody uses: eight
//! concurrent cut-outs of 12 million pixels left 600 MB. Those of other systems give large buffers back.
//!
//! See `docs/decisions/048-large-buffers-go-back.md`.
#![allow(unsafe_code, reason = "an allocator is unsafe by its nature")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;

/// Smaller ones are cheap to keep, and a system call for each would take longer than what is done with them.
const LARGE: usize = 1 << 20;
/// The system gives pages of 2 MiB to buffers from here on, where it can: it clears 36 MiB in 3 ms then, and in 15 ms page
/// by page. Smaller ones would have little of them, or take more than they need.
const HUGE: usize = 4 << 20;
/// The smallest page of any system: mappings begin at a multiple of it.
const PAGE: usize = 4096;

/// An allocator for programs that keep running: the system's, but buffers of a megabyte and more are returned to the
/// operating system at once. Packshot's packages for other languages and its command use it.
///
/// A library must not choose the allocator of a Rust program, so there it takes one line:
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;
/// # fn main() {}
/// ```
///
/// It differs from the system's allocator only on Linux with glibc. It changes no settings of the C library, so that
/// code in other languages in the same process allocates as before.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageAllocator;

// SAFETY: the layout alone decides who serves an allocation, so that the one who does frees it: `pages` and the system's
// allocator, which both keep the contract.
unsafe impl GlobalAlloc for PageAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if serves(layout) {
            return map(layout.size());
        }
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if serves(layout) {
            return map(layout.size());
        }
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if serves(layout) {
            // SAFETY: `alloc` mapped this many bytes here, and the caller uses them no longer.
            return unsafe { unmap(pointer, layout.size()) };
        }
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size` does not overflow with this alignment.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (serves(layout), serves(new)) {
            // SAFETY: `alloc` mapped this many bytes here.
            (true, true) => unsafe { remap(pointer, layout.size(), size) },
            // SAFETY: as above.
            (false, false) => unsafe { System.realloc(pointer, layout, size) },
            // SAFETY: both buffers are as long as what is copied, and they are different ones.
            _ => unsafe {
                let moved = self.alloc(new);
                if !moved.is_null() {
                    moved.copy_from_nonoverlapping(pointer, layout.size().min(size));
                    self.dealloc(pointer, layout);
                }
                moved
            },
        }
    }
}

fn serves(layout: Layout) -> bool {
    layout.size() >= LARGE && layout.align() <= PAGE
}

/// Zeros; null if there is no memory.
fn map(size: usize) -> *mut u8 {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping at an address of the system's choice touches no other memory.
    mapped(unsafe { libc::mmap(null_mut(), size, protection, flags, -1, 0) }, size)
}

/// # Safety
/// `pointer` is a mapping of `size` bytes that nobody uses any longer.
unsafe fn unmap(pointer: *mut u8, size: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(pointer.cast(), size) };
}

/// Moves the pages, not the bytes in them. Null if there is no memory; then the mapping stays as it is.
///
/// # Safety
/// `pointer` is a mapping of `from` bytes.
unsafe fn remap(pointer: *mut u8, from: usize, to: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    mapped(unsafe { libc::mremap(pointer.cast(), from, to, libc::MREMAP_MAYMOVE) }, to)
}

fn mapped(pointer: *mut libc::c_void, size: usize) -> *mut u8 {
    if pointer == libc::MAP_FAILED {
        return null_mut();
    }
    if size >= HUGE {
        // SAFETY: advice about a mapping of this size, which changes none of its bytes. A system that cannot take it has
        // small pages.
        unsafe { libc::madvise(pointer, size, libc::MADV_HUGEPAGE) };
    }
    pointer.cast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn a_buffer_keeps_its_bytes_when_it_grows_or_shrinks() {
        const ALIGN: usize = 64;
        let sizes = [100, LARGE - 1, LARGE, 3 * HUGE + 5, LARGE + 1, LARGE - 7, 100];
        // SAFETY: the buffer is only used within its size, which is the one that it is freed with.
        unsafe {
            let mut buffer = PageAllocator.alloc(layout(sizes[0], ALIGN));
            (0..100).for_each(|at| buffer.add(at).write(at as u8));
            for pair in sizes.windows(2) {
                buffer = PageAllocator.realloc(buffer, layout(pair[0], ALIGN), pair[1]);
                assert!(!buffer.is_null() && buffer.addr().is_multiple_of(ALIGN));
                assert!((0..100).all(|at| buffer.add(at).read() == at as u8), "from {} to {}", pair[0], pair[1]);
                buffer.add(pair[1] - 1).write(99);
                buffer.add(99).write(99);
            }
            PageAllocator.dealloc(buffer, layout(100, ALIGN));
        }
    }

    #[test]
    fn zeroed_buffers_are_zero_and_aligned_at_any_size() {
        for (size, align) in [(100, 8), (LARGE, 8), (LARGE, 2 * PAGE), (2 * LARGE, PAGE)] {
            // SAFETY: as above.
            unsafe {
                let dirty = PageAllocator.alloc(layout(size, align));
                dirty.write_bytes(7, size);
                PageAllocator.dealloc(dirty, layout(size, align));
                let buffer = PageAllocator.alloc_zeroed(layout(size, align));
                assert!(buffer.addr().is_multiple_of(align));
                assert!((0..size).all(|at| buffer.add(at).read() == 0), "{size} bytes");
                PageAllocator.dealloc(buffer, layout(size, align));
            }
        }
    }

    #[test]
    fn more_memory_than_there_is_is_refused() {
        let half = layout(isize::MAX as usize / 2, 8);
        // SAFETY: nothing is done with the pointers.
        unsafe {
            assert!(PageAllocator.alloc(half).is_null());
            let buffer = PageAllocator.alloc(layout(LARGE, 8));
            assert!(PageAllocator.realloc(buffer, layout(LARGE, 8), half.size()).is_null());
            PageAllocator.dealloc(buffer, layout(LARGE, 8));
        }
    }
}
