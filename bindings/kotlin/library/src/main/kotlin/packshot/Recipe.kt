package packshot

import java.nio.file.Path

/**
 * A list of steps that makes one file of one photo: text in TOML or JSON, checked from the first line to the last.
 *
 * A recipe never changes, and may be used from any thread. It holds a few kilobytes, which the garbage collector frees.
 */
public class Recipe internal constructor(internal val native: packshot.ffi.Recipe) {
    private val facts = translating { native.facts() }

    /** Its name for people. */
    public val name: String? get() = facts.name

    /** What it is for. */
    public val description: String? get() = facts.description

    /** Every variable with its value, as text. */
    public val variables: Map<String, String> get() = facts.variables

    /** SHA-256 of what decides about the result, as 64 hexadecimal digits: the same for recipes that do the same. */
    public val hash: String get() = facts.hash

    /**
     * The recipe with other values for some of its variables.
     *
     * @throws PackshotException.Option with code `recipe_invalid` for a variable that the recipe does not have, and for a
     *   value that it cannot take.
     */
    public fun with(vararg values: Pair<String, String>): Recipe = with(values.toMap())

    /** The same from a map. */
    public fun with(values: Map<String, String>): Recipe = translating { Recipe(native.withAll(values)) }

    /** The recipe as TOML, with values in the place of variables. */
    public fun toToml(): String = facts.toml

    /** The recipe as JSON, with values in the place of variables. */
    public fun toJson(): String = facts.json

    override fun toString(): String = "Recipe(${name ?: hash})"

    public companion object {
        /**
         * A recipe that comes with the library, such as `white-background`; see [presets].
         *
         * @throws PackshotException.Option with code `recipe_invalid` and the names of all presets.
         */
        public fun preset(name: String): Recipe = translating { Recipe(packshot.ffi.Recipe.preset(name)) }

        /**
         * The recipe in a file. Paths of models in it are relative to the folder of the file.
         *
         * @throws PackshotException.File if there is no such file or it cannot be read.
         * @throws PackshotException.Option as [parse] does.
         */
        public fun open(path: Path): Recipe = translating { Recipe(packshot.ffi.Recipe.open(path.toString())) }

        /**
         * A recipe as TOML or JSON: JSON begins with `{`. Its variables have their defaults.
         *
         * @throws PackshotException.Option with code `recipe_invalid`: the message names the key, and the context has the
         *   `line`.
         */
        public fun parse(text: String): Recipe = translating { Recipe(packshot.ffi.Recipe.parse(text)) }

        /** The recipes that come with the library. */
        public fun presets(): List<Preset> = translating { packshot.ffi.presets() }
    }
}

/** A recipe that comes with the library: its name, what it makes, and its text, a good beginning for one's own. */
public typealias Preset = packshot.ffi.Preset
