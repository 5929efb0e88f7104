import Foundation
import PackshotBindings

/// A list of steps that makes one file of one photo: text in TOML or JSON, checked from the first line to the last. A recipe
/// never changes and costs nothing to copy.
public struct Recipe: Sendable {
    let handle: PackshotBindings.Recipe
    private let facts: RecipeFacts

    private init(_ make: () throws -> PackshotBindings.Recipe) throws {
        handle = try typed(make)
        facts = try typed(handle.facts)
    }

    /// A recipe that comes with the library, such as `white-background`; see ``presets``.
    ///
    /// - Throws: ``PackshotError/option(_:)`` with the names of all presets.
    public init(preset name: String) throws {
        try self.init { try .preset(name: name) }
    }

    /// The recipe in a file. Paths of models in it are relative to the folder of the file.
    ///
    /// - Throws: ``PackshotError/file(_:)`` for what cannot be read, ``PackshotError/option(_:)`` as ``init(text:)`` does.
    public init(contentsOf url: URL) throws {
        try self.init { try .open(path: url.filePath) }
    }

    /// A recipe as TOML or JSON: JSON begins with `{`. Its variables have their defaults.
    ///
    /// - Throws: ``PackshotError/option(_:)`` with code `recipe_invalid`: the message names the key, and the context has the
    ///   `line`.
    public init(text: String) throws {
        try self.init { try .parse(text: text) }
    }

    /// The recipes that come with the library.
    public static var presets: [Preset] {
        get throws { try typed { try PackshotBindings.presets() } }
    }

    /// The recipe with other values for some of its variables.
    ///
    /// - Throws: ``PackshotError/option(_:)`` for a variable that the recipe does not have, and for a value that it cannot
    ///   take.
    public func with(_ values: [String: String]) throws -> Recipe {
        try Recipe { try handle.withAll(values: values) }
    }

    /// Every variable with its value, as text.
    public var variables: [String: String] { facts.variables }
    /// Its name for people.
    public var name: String? { facts.name }
    /// What it is for.
    public var description: String? { facts.description }
    /// SHA-256 of what decides about the result, as 64 hexadecimal digits: the same for recipes that do the same.
    public var hash: String { facts.hash }
    /// The recipe as TOML, with values in the place of variables.
    public var toml: String { facts.toml }
    /// The recipe as JSON, with values in the place of variables.
    public var json: String { facts.json }
}

extension Engine {
    /// Makes a file of a photo as a recipe says.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func run(_ recipe: Recipe, on source: Source) async throws -> Rendition {
        try await cancellable { try await self.render(source, recipe, cancel: $0, listener: nil) }
    }

    /// Makes a file of a photo with progress, as ``removingBackground(_:_:pictures:)`` does.
    public func running(_ recipe: Recipe, on source: Source) -> Events<Event<Rendition>> {
        .watching { try await self.render(source, recipe, cancel: $0, listener: $1) }
    }

    private func render(
        _ source: Source, _ recipe: Recipe, cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Rendition {
        let rendition = try await handle.runRecipe(
            source: source.lowered, recipe: recipe.handle, cancel: cancel, listener: listener)
        return Rendition(rendition)
    }
}

/// What a recipe made of a photo.
public struct Rendition: Sendable {
    let handle: PackshotBindings.Rendition
    /// The picture after the last step but `export`, which may scale it and lower its quality.
    public let photo: Photo
    /// The format of the file.
    public let format: ImageFormat
    /// What was done, in order.
    public let steps: [StepReport]
    /// What was not done as asked: the notes of all steps, and options of the export that have no effect.
    public let notes: [Note]

    init(_ handle: PackshotBindings.Rendition) {
        self.handle = handle
        (photo, format, steps) = (Photo(handle.photo()), handle.format(), handle.steps())
        notes = handle.notes()
    }

    /// A copy of the file.
    public func data() -> Data { Data(handle.bytes()) }

    /// Writes the file in one step: there is never half a file.
    ///
    /// - Throws: ``PackshotError/file(_:)``, and `CancellationError` if the task is cancelled.
    public func write(to url: URL) async throws {
        try await cancellable { [handle] in try await handle.save(path: url.filePath, cancel: $0) }
    }
}
