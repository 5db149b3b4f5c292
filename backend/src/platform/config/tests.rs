use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigFault> {
    let lookup =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::read(lookup, &Overrides::default())
}

fn good(variables: &[(&str, &str)]) -> Config {
    match read(variables) {
        Ok(config) => config,
        Err(fault) => panic!("{fault}"),
    }
}

#[test]
fn without_variables_everything_has_its_default() {
    let config = good(&[]);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(config.public_url, "http://127.0.0.1:8000");
    assert_eq!(config.database_file, PathBuf::from("./data/database/kpi.db"));
    assert_eq!((config.access_token_minutes, config.refresh_token_days), (480, 7));
    assert_eq!(config.max_upload_size, 52_428_800);
    assert_eq!(config.backup_schedule, "0 2 * * *");
    assert!(config.auto_backup_enabled && config.smtp.is_none() && !config.is_https());
}

#[test]
fn a_bad_value_is_one_line_that_names_variable_fault_and_example() {
    let rows = [
        ("ENVIRONMENT", "staging"),
        ("PUBLIC_URL", "kpi.example.com"),
        ("PUBLIC_URL", "https://kpi.example.com/app"),
        ("PUBLIC_URL", "https://user:pw@kpi.example.com"),
        ("LISTEN", "8000"),
        ("SECRET_KEY", "too short"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "a week"),
        ("DATABASE_URL", "postgres://localhost/kpi"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("MAX_UPLOAD_SIZE", "50MB"),
        ("ALLOWED_EXTENSIONS", "pdf,../x"),
        ("BACKUP_RETENTION_DAYS", "-1"),
        ("AUTO_BACKUP_ENABLED", "maybe"),
        ("BACKUP_SCHEDULE", "daily"),
        ("BACKUP_SCHEDULE", "0 25 * * *"),
        ("CORS_ORIGINS", "*"),
        ("SMTP_PORT", "70000"),
        ("SMTP_ENABLED", "true"),
        ("SMTP_TLS", "maybe"),
        ("SMTP_TIMEOUT", "0"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("ADMIN_EMAIL", "admin@example.com"),
        ("ADMIN_PASSWORD", "korrekt pferd batterie"),
        ("TZ_NAME", "Berlin"),
        ("FISCAL_YEAR_START", "13"),
        ("MAX_CONNECTIONS", "0"),
        ("TRUSTED_PROXIES", "proxy.local"),
    ];
    for (variable, value) in rows {
        let Err(fault) = read(&[(variable, value)]) else { panic!("{variable}={value} was taken") };
        let line = fault.to_string();
        assert_eq!(line.lines().count(), 1, "{line}");
        let named = match variable {
            "SMTP_ENABLED" => "SMTP_HOST",
            "ADMIN_EMAIL" => "ADMIN_PASSWORD",
            "ADMIN_PASSWORD" => "ADMIN_EMAIL",
            other => other,
        };
        assert_eq!(fault.variable, named, "{line}");
        assert!(line.contains(&format!("for example {named}=")), "{line}");
    }
}

#[test]
fn a_file_is_read_and_its_faults_do_not_show_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env");
    assert!(dotenv(&path).unwrap().is_empty());
    std::fs::write(&path, "# a comment\nAPP_NAME=\"My KPIs\"\nLISTEN=[::1]:80\n").unwrap();
    let variables = dotenv(&path).unwrap();
    assert_eq!(variables["APP_NAME"], "My KPIs");
    std::fs::write(&path, "SECRET_KEY='hunter2 unclosed\n").unwrap();
    let line = dotenv(&path).unwrap_err().to_string();
    assert!(line.starts_with(".env cannot be read") && line.lines().count() == 1, "{line}");
    assert!(!line.contains("hunter2"), "{line}");
}

#[test]
fn a_secret_is_not_repeated_in_a_fault() {
    let faults = [
        read(&[("SECRET_KEY", "hunter2hunter2")]),
        read(&[("ADMIN_EMAIL", "a@example.com"), ("ADMIN_PASSWORD", "hunter2")]),
    ];
    for fault in faults {
        let Err(fault) = fault else { panic!("taken") };
        assert!(!fault.to_string().contains("hunter2"), "{fault}");
    }
}

#[test]
fn good_values_are_taken() {
    let config = good(&[
        ("PUBLIC_URL", "https://kpi.example.com/"),
        ("LISTEN", "0.0.0.0:80"),
        ("DATABASE_URL", "sqlite:///var/lib/kpi/kpi.db?mode=rwc"),
        ("ALLOWED_EXTENSIONS", ".PDF, png"),
        ("BACKUP_SCHEDULE", "\"*/15 1-3,5 * * 0\""),
        ("CORS_ORIGINS", "https://a.example.com, http://localhost:3000"),
        ("SMTP_ENABLED", "true"),
        ("SMTP_HOST", "smtp.example.com"),
        ("SMTP_FROM", "kpi@example.com"),
        ("TZ_NAME", "Europe/Berlin"),
        ("FISCAL_YEAR_START", "4"),
        ("LOG_LEVEL", ""),
    ]);
    assert_eq!(config.public_url, "https://kpi.example.com");
    assert!(config.is_https());
    assert_eq!(config.database_file, PathBuf::from("/var/lib/kpi/kpi.db"));
    assert_eq!(config.allowed_extensions, ["pdf", "png"]);
    assert_eq!(config.cors_origins, ["https://a.example.com", "http://localhost:3000"]);
    assert_eq!(config.smtp.map(|smtp| (smtp.port, smtp.tls)), Some((587, SmtpTls::StartTls)));
    assert_eq!((config.fiscal_year_start, config.log_level.as_str()), (4, "info"));
}

#[test]
fn mail_is_encrypted_unless_told_otherwise() {
    let rows = [
        (None, None, SmtpTls::StartTls),
        (Some("25"), None, SmtpTls::StartTls),
        (Some("465"), None, SmtpTls::Wrapped),
        (Some("465"), Some("starttls"), SmtpTls::StartTls),
        (None, Some("TLS"), SmtpTls::Wrapped),
        (None, Some("none"), SmtpTls::Unencrypted),
    ];
    for (port, tls, expected) in rows {
        let mut variables = vec![
            ("SMTP_ENABLED", "true"),
            ("SMTP_HOST", "smtp.example.com"),
            ("SMTP_FROM", "kpi@example.com"),
        ];
        variables.extend(port.map(|port| ("SMTP_PORT", port)));
        variables.extend(tls.map(|tls| ("SMTP_TLS", tls)));
        assert_eq!(good(&variables).smtp.map(|smtp| smtp.tls), Some(expected), "{port:?} {tls:?}");
    }
}

#[test]
fn the_command_line_wins() {
    let overrides = Overrides {
        listen: Some("[::1]:9000".into()),
        data_dir: Some("/srv/kpi".into()),
        ..Overrides::default()
    };
    let Ok(config) = Config::read(|_| None, &overrides) else { panic!("refused") };
    assert_eq!(config.public_url, "http://[::1]:9000");
    assert_eq!(config.backup_dir, PathBuf::from("/srv/kpi/backups"));
}

#[test]
fn a_frozen_clock_is_for_tests_alone() {
    let at = ("KPI_CLOCK", "2026-03-02T09:00:00Z");
    assert!(good(&[at]).frozen_clock.is_none());
    let config = good(&[at, ("ENVIRONMENT", "test")]);
    assert_eq!(config.clock().now().to_string(), "2026-03-02T09:00:00.000Z");
    assert!(read(&[("KPI_CLOCK", "yesterday"), ("ENVIRONMENT", "test")]).is_err());
}
