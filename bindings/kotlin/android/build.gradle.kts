// The Android library. `scripts/build-android.sh` makes what it packs: the generated Kotlin, and a native library for each
// ABI.
plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.21"
    `maven-publish`
}

group = "io.github.packshot"
version = "0.1.0"

android {
    namespace = "packshot"
    compileSdk = 36

    defaultConfig {
        // java.nio.file.Path came with 26.
        minSdk = 26
        consumerProguardFiles("../library/src/main/resources/META-INF/proguard/packshot.pro")
    }
    sourceSets["main"].apply {
        kotlin.srcDirs("src/main/kotlin", "../library/src/main/kotlin", "../target/android/generated")
        jniLibs.srcDir("../target/android/jniLibs")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }
    // JNA brings a library for each ABI; only those that Packshot has are of use.
    packaging.jniLibs.excludes += setOf("**/armeabi/*", "**/armeabi-v7a/*", "**/mips/*", "**/mips64/*", "**/x86/*")
    publishing.singleVariant("release") { withSourcesJar() }
}

kotlin.compilerOptions.jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_11

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
}

publishing.publications.register<MavenPublication>("release") {
    artifactId = "packshot-android"
    afterEvaluate { from(components["release"]) }
}
