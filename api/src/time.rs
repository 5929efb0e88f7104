/// A time for people: `3.2 s`, `2 min 05 s`, `1 h 02 min`.
#[must_use]
pub fn time_text(seconds: f64) -> String {
    let whole = seconds as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_two_units_at_most() {
        assert_eq!([3.21, 125.0, 3725.0].map(time_text), ["3.2 s", "2 min 05 s", "1 h 02 min"]);
    }
}
