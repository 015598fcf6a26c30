use super::*;
use crate::{
    config::{ConfigError, Values},
    keys,
};

const FILE: &str = r#"
region = "320000"
listen = "127.0.0.1:8600"
public-url = "http://vault.example:8600"
node = "ws://127.0.0.1:9944"
data = "/var/lib/kanglian"
key-file = "/etc/kanglian/vault.key"
replicas = 2
cors-origins = ["https://a.example", "https://b.example"]
"#;

fn gather(
    file: &str,
    environment: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<crate::config::Settings, ConfigError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("vault.toml");
    std::fs::write(&path, file).unwrap();
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let flags: Vec<_> =
        flags.iter().map(|(key, value)| (*key, Some((*value).to_owned()))).collect();
    Values::gather(Some(&path), environment, &flags)?.settings()
}

#[test]
fn flags_go_over_the_environment_over_the_file() {
    let settings = gather(FILE, &[], &[]).unwrap();
    assert_eq!((settings.region, settings.replicas), (JIANGSU, 2));
    assert_eq!(settings.cors_origins, ["https://a.example", "https://b.example"]);
    assert_eq!(settings.key, KeySource::File("/etc/kanglian/vault.key".into()));
    let environment = [
        ("KANGLIAN_REPLICAS", "3"),
        ("KANGLIAN_LISTEN", "127.0.0.1:1"),
        ("KANGLIAN_LOG", "debug"),
        ("HOME", "/nowhere"),
    ];
    let flags = [("listen", "127.0.0.1:2")];
    let settings = gather(FILE, &environment, &flags).unwrap();
    assert_eq!(settings.replicas, 3);
    assert_eq!(settings.listen, "127.0.0.1:2".parse().unwrap());
}

#[test]
fn a_bad_value_names_its_key_and_place() {
    for (key, value) in [
        ("region", "320001"),
        ("listen", "nowhere"),
        ("public-url", "ftp://x"),
        ("public-url", "http://"),
        ("node", "http://127.0.0.1:9944"),
        ("storage", "tape"),
        ("replicas", "4"),
        ("replicas", "-1"),
        ("max-object-bytes", "0"),
        ("header-timeout-seconds", "601"),
        ("best-max-age-seconds", "soon"),
        ("insecure-dev-key", "yes"),
        ("max-requests-per-address", "-1"),
        ("max-connections-per-address", "many"),
        ("stranger-logins-per-address", "4294967296"),
        ("trusted-proxies", "10.0.0.1, proxy.example"),
        ("decision-timeout-seconds", "0"),
    ] {
        let error = gather(FILE, &[], &[(key, value)]).unwrap_err();
        let ConfigError::Value { key: named, place, .. } = &error else { panic!("{error}") };
        assert_eq!((named.as_str(), place.as_str()), (key, format!("--{key}").as_str()));
        let name = format!("KANGLIAN_{}", key.to_uppercase().replace('-', "_"));
        let error = gather(FILE, &[(&name, value)], &[]).unwrap_err().to_string();
        assert!(error.contains(key) && error.contains(&name), "{error}");
    }
    let error = gather("region = 320000\nregoin = 1", &[], &[]).unwrap_err().to_string();
    assert!(error.contains("regoin"), "{error}");
    let error = gather("region = [1, 2]", &[], &[]).unwrap_err().to_string();
    assert!(error.contains("region"), "{error}");
    let missing = FILE.replace("node = ", "# ");
    let error = gather(&missing, &[], &[]).unwrap_err().to_string();
    assert!(error.contains("node") && error.contains("KANGLIAN_NODE"), "{error}");
}

#[test]
fn one_address_has_half_of_the_requests_unless_told_otherwise() {
    let shares = |settings: &Settings| {
        let Settings { max_requests_per_address, max_connections_per_address, .. } = settings;
        (*max_requests_per_address, *max_connections_per_address)
    };
    let settings = gather(FILE, &[], &[]).unwrap();
    assert_eq!((settings.max_requests, shares(&settings)), (512, (256, 512)));
    assert_eq!(settings.stranger_logins_per_address, 120);
    assert_eq!(settings.decision_timeout, Duration::from_secs(5));
    assert!(settings.trusted_proxies.is_empty());
    let settings = gather(FILE, &[], &[("max-requests", "5")]).unwrap();
    assert_eq!(shares(&settings), (3, 5));
    let environment =
        [("KANGLIAN_MAX_REQUESTS_PER_ADDRESS", "0"), ("KANGLIAN_MAX_CONNECTIONS_PER_ADDRESS", "0")];
    assert_eq!(shares(&gather(FILE, &environment, &[]).unwrap()), (0, 0));
    let file = format!("{FILE}\ntrusted-proxies = [\"10.0.0.1\", \"2001:db8::1\"]\n");
    let proxies = gather(&file, &[], &[]).unwrap().trusted_proxies;
    let proxies: Vec<String> = proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.1", "2001:db8::1"]);
}

#[test]
fn secrets_do_not_show() {
    let file =
        format!("{FILE}\nstorage = \"s3\"\ns3-bucket = \"b\"\ns3-secret-access-key = \"canary\"\n");
    let settings = gather(&file, &[], &[]).unwrap();
    assert!(!format!("{settings:?}").contains("canary"));
}

#[test]
fn a_development_key_needs_a_second_word() {
    let file = FILE.replace("key-file = \"/etc/kanglian/vault.key\"", "");
    assert!(matches!(gather(&file, &[], &[]), Err(ConfigError::Missing("key-file", _))));
    let phrase = ("dev-key", "//Jiangsu-Vault");
    assert!(matches!(gather(&file, &[], &[phrase]), Err(ConfigError::Conflict(_))));
    let settings = gather(&file, &[], &[phrase, ("insecure-dev-key", "true")]).unwrap();
    assert_eq!(settings.key, KeySource::Dev("//Jiangsu-Vault".to_owned()));
    let both = gather(FILE, &[], &[phrase, ("insecure-dev-key", "true")]);
    assert!(matches!(both, Err(ConfigError::Conflict(_))));
    let key = keys::load(&settings.key).unwrap();
    let expected = dev_vault_key("//Jiangsu-Vault").verifying_key().to_bytes();
    assert_eq!(key.public(), VaultKey(expected));
}

#[test]
fn key_files_are_private_and_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("vault.key");
    let made = keys::generate(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let source = KeySource::File(path.clone());
    assert_eq!(keys::load(&source).unwrap().public(), made.public());
    assert!(keys::generate(&path).is_err());
    assert_eq!(keys::load(&source).unwrap().public(), made.public());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(keys::load(&source).is_err());
}
