//! Locates the cache folder.

use std::ffi::OsString;
use std::path::PathBuf;

/// `PACKSHOT_CACHE`, or Packshot's folder in the platform's cache; none if the environment names neither.
///
/// `variable` looks up an environment variable. As the XDG specification asks, a relative path counts as unset.
pub(super) fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |name| path(name).filter(|path| path.is_absolute());
    path("PACKSHOT_CACHE").or_else(|| {
        if cfg!(windows) {
            absolute("LOCALAPPDATA").map(|local| local.join("packshot").join("cache"))
        } else if cfg!(target_vendor = "apple") {
            absolute("HOME").map(|home| home.join("Library/Caches/packshot"))
        } else {
            let home = || absolute("HOME").map(|home| home.join(".cache"));
            absolute("XDG_CACHE_HOME").or_else(home).map(|cache| cache.join("packshot"))
        }
    })
}

#[cfg(all(test, unix, not(target_vendor = "apple")))]
mod tests {
    use super::*;

    fn found(environment: &[(&str, &str)]) -> Option<PathBuf> {
        folder(|name| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn the_nearest_wish_wins() {
        let home = ("HOME", "/home/ada");
        let xdg = ("XDG_CACHE_HOME", "/fast");
        assert_eq!(found(&[home, xdg, ("PACKSHOT_CACHE", "/models")]), Some("/models".into()));
        assert_eq!(found(&[home, xdg]), Some("/fast/packshot".into()));
        assert_eq!(found(&[home, ("XDG_CACHE_HOME", "relative")]), Some("/home/ada/.cache/packshot".into()));
        assert_eq!(found(&[home, ("PACKSHOT_CACHE", "")]), Some("/home/ada/.cache/packshot".into()));
        assert_eq!(found(&[]), None);
    }
}
