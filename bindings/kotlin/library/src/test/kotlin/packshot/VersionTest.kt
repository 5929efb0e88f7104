package packshot

import kotlin.io.path.readText
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class VersionTest {
    @Test
    @Shows("version")
    fun `there is one version`() {
        val workspace = checkout.resolve("Cargo.toml").readText().substringAfter("[workspace.package]")
        val version = Regex("version = \"(.+?)\"").find(workspace)!!.groupValues[1]
        assertEquals(version, Packshot.VERSION)
        assertEquals(version, System.getProperty("packshot.version"))
        val examples = checkout.resolve("examples/kotlin/pom.xml").readText()
        assertEquals(version, Regex("<packshot.version>(.+?)<").find(examples)!!.groupValues[1])
        val android = checkout.resolve("bindings/kotlin/android/build.gradle.kts").readText()
        assertEquals(version, Regex("^version = \"(.+?)\"", RegexOption.MULTILINE).find(android)!!.groupValues[1])
    }
}
