import Foundation
import PackshotBindings

/// What went wrong, by who can mend it.
///
/// ```swift
/// do {
///     cutout = try await engine.removeBackground(.file(url))
/// } catch let error as PackshotError {
///     alert(error.localizedDescription, error.remedy)
/// }
/// ```
///
/// The list of all codes is in `bindings/cases/errors.json`. A cancelled task gets a `CancellationError`, as everywhere in
/// Swift.
public enum PackshotError: Error, Equatable, Sendable {
    /// The photo itself cannot be used.
    case photo(Details)
    /// A limit was reached; nothing was allocated beyond it.
    case limit(Details)
    /// An option, or a combination of options, makes no sense.
    case option(Details)
    /// A file could not be read or written.
    case file(Details)
    /// A model is unknown, missing, damaged or not permitted.
    case model(Details)
    /// A download failed.
    case network(Details)
    /// No backend could run the model.
    case backend(Details)
    /// The operation was cancelled, though the calling task was not.
    case cancelled(Details)
    /// A defect in Packshot. The process and the engine stay sound.
    case `internal`(Details)

    /// The facts of an error.
    public struct Details: Equatable, Sendable {
        /// The stable identifier, such as `photo_truncated`: for programs.
        public let code: String
        /// What is wrong, without facts.
        public let message: String
        /// What a person can do about it.
        public let remedy: String
        /// Whether the same call may succeed if it is made again a little later, with nothing changed.
        public let retryable: Bool
        /// The facts attached, such as `file`: `a.jpg`.
        public let context: [String: String]
        /// What is wrong, with the facts, in one line.
        let display: String
    }

    /// The stable identifier, such as `photo_truncated`: for programs.
    public var code: String { details.code }
    /// What is wrong, without facts.
    public var message: String { details.message }
    /// What a person can do about it.
    public var remedy: String { details.remedy }
    /// Whether the same call may succeed if it is made again a little later, with nothing changed.
    public var retryable: Bool { details.retryable }
    /// The facts attached, such as `file`: `a.jpg`.
    public var context: [String: String] { details.context }

    /// The facts, whatever the kind.
    public var details: Details { parts.1 }

    /// Who can mend it, and how.
    public var kind: ErrorKind { parts.0 }

    private var parts: (ErrorKind, Details) {
        switch self {
        case .photo(let details): (.photo, details)
        case .limit(let details): (.limit, details)
        case .option(let details): (.option, details)
        case .file(let details): (.file, details)
        case .model(let details): (.model, details)
        case .network(let details): (.network, details)
        case .backend(let details): (.backend, details)
        case .cancelled(let details): (.cancelled, details)
        case .internal(let details): (.internal, details)
        }
    }
}

extension PackshotError: LocalizedError, CustomStringConvertible {
    /// What is wrong, with the facts, in one line: for people.
    public var errorDescription: String? { details.display }
    /// The remedy.
    public var recoverySuggestion: String? { details.remedy }
    /// The code and what is wrong: for logs.
    public var description: String { "\(code): \(details.display)" }
}

extension PackshotError {
    /// The library's own error, or one that the boundary to it raised, which is a defect.
    init(_ error: any Error) {
        guard
            case .Raised(let code, let kind, let text, let display, let remedy, let retryable, let facts)? =
                error as? Failure
        else {
            let text = error.localizedDescription
            let remedy = errorCodes().first { $0.kind == .internal }?.remedy ?? ""
            let details = Details(
                code: "internal", message: text, remedy: remedy, retryable: false, context: [:], display: text)
            self = .internal(details)
            return
        }
        let context = Dictionary(facts.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let details = Details(
            code: code, message: text, remedy: remedy, retryable: retryable, context: context, display: display)
        self.init(kind, details)
    }

    private init(_ kind: ErrorKind, _ details: Details) {
        switch kind {
        case .photo: self = .photo(details)
        case .limit: self = .limit(details)
        case .option: self = .option(details)
        case .file: self = .file(details)
        case .model: self = .model(details)
        case .network: self = .network(details)
        case .backend: self = .backend(details)
        case .cancelled: self = .cancelled(details)
        case .internal: self = .internal(details)
        }
    }
}
