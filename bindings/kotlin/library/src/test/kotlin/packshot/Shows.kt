package packshot

import java.io.File
import org.junit.jupiter.api.extension.ExtendWith
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.extension.TestWatcher

/** The concepts of the table in `bindings/README.md` that a test shows. */
@Target(AnnotationTarget.FUNCTION)
@ExtendWith(Record::class)
annotation class Shows(vararg val concepts: String)

/** Writes the concepts of a test down, after it has passed. */
class Record : TestWatcher {
    override fun testSuccessful(context: ExtensionContext) {
        shown(*context.requiredTestMethod.getAnnotation(Shows::class.java).concepts)
    }
}

/** Writes concepts down that a test has shown. */
fun shown(vararg concepts: String) {
    val record = System.getenv("PACKSHOT_PARITY") ?: return
    synchronized(Record::class) { File(record).appendText(concepts.joinToString("") { "$it\n" }) }
}
