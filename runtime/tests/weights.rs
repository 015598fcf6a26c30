//! Storage operations of the calls that people wait for, counted in the generated weights. They
//! do not depend on the machine.

/// Every block's first extrinsic sets it: it is in memory when calls read it.
const IN_MEMORY: &str = "`Timestamp::Now`";

/// The number after `prefix` in a line such as ``// Storage: `A::B` (r:1 w:0)``.
fn number(line: &str, prefix: &str) -> u32 {
    let rest = line.split_once(prefix).map(|(_, rest)| rest).unwrap_or_default();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("a number follows {prefix} in: {line}"))
}

/// Reads and writes of a call, as the comments above its weight list them.
fn operations(source: &str, call: &str) -> (u32, u32) {
    let (before, _) = source
        .split_once(&format!("    fn {call}("))
        .unwrap_or_else(|| panic!("{call} was measured"));
    let listed = before.rsplit("    }\n").next().unwrap_or_default();
    listed
        .lines()
        .filter(|line| line.contains("// Storage: ") && !line.contains(IN_MEMORY))
        .fold((0, 0), |(reads, writes), line| {
            (reads + number(line, "(r:"), writes + number(line, " w:"))
        })
}

#[test]
fn calls_that_people_wait_for_touch_little_storage() {
    let consents = include_str!("../src/weights/pallet_consents.rs");
    let records = include_str!("../src/weights/pallet_records.rs");
    for (source, call, reads, writes) in [
        (records, "share", 14, 8),
        (records, "share_batch", 14, 8),
        (consents, "grant", 5, 2),
        (consents, "revoke", 2, 1),
    ] {
        let found = operations(source, call);
        println!("{call}: {} reads, {} writes", found.0, found.1);
        assert!(found.0 > 0 && found.1 > 0, "{call} reads and writes something: {found:?}");
        assert!(
            found.0 <= reads && found.1 <= writes,
            "{call} reads {} and writes {} items; {reads} and {writes} are allowed",
            found.0,
            found.1
        );
    }
}
