package packshot

import com.sun.jna.Memory
import com.sun.jna.Pointer
import java.nio.ByteBuffer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withContext
import packshot.ffi.CancelToken
import packshot.ffi.Failure
import packshot.ffi.InternalException

/** Calls into Rust; what it throws becomes a [PackshotException]. */
internal inline fun <T> translating(work: () -> T): T = try {
    work()
} catch (failure: Failure) {
    throw PackshotException.of(failure)
} catch (panic: InternalException) {
    throw PackshotException.of(panic)
}

/**
 * Calls what takes its time in Rust. When the coroutine is cancelled, the generated code drops the operation, and that
 * stops it.
 *
 * On a dispatcher of its own: bytes are copied away from the caller's thread, which may be the one that draws, and a caller
 * without a dispatcher does not go on in the middle of a callback, on the thread of the work.
 */
internal suspend fun <T> calling(work: suspend (CancelToken) -> T): T = withContext(Dispatchers.IO) {
    try {
        translating { CancelToken().use { work(it) } }
    } catch (cancelled: PackshotException.Cancelled) {
        ensureActive()
        throw cancelled
    }
}

/** The same for work that leaves files behind: its caller goes on when they are closed, cancelled or not. */
internal suspend fun <T> callingToTheEnd(work: suspend (CancelToken) -> T): T = calling { token ->
    try {
        work(token)
    } finally {
        withContext(NonCancellable) { token.idle() }
    }
}

/** Lends a copy of [bytes] in native memory, which is freed again at once and not by the garbage collector. */
internal inline fun <T> lending(bytes: ByteArray, work: (ByteBuffer) -> T): T {
    if (bytes.isEmpty()) return work(ByteBuffer.allocateDirect(0))
    return Memory(bytes.size.toLong()).use { memory ->
        memory.write(0, bytes, 0, bytes.size)
        work(memory.getByteBuffer(0, memory.size()))
    }
}

/** How many bytes there are. An array or a buffer of the JVM ends at 2 GiB. */
internal fun packshot.ffi.Bytes.size(): Int {
    val count = count()
    check(count <= Int.MAX_VALUE.toULong()) { "$count bytes do not fit into an array" }
    return count.toInt()
}

internal fun packshot.ffi.Bytes.pointer(): Pointer = Pointer(address().toLong())

/** A copy on this side, after which these bytes are let go of. */
internal fun packshot.ffi.Bytes.toByteArray(): ByteArray = use { pointer().getByteArray(0, size()) }
