package packshot

/** Facts about the library as a whole. */
public object Packshot {
    /** The version of the library, such as `0.1.0`. */
    @JvmField
    public val VERSION: String = translating { packshot.ffi.version() }
}
