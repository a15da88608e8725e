//! What can be chosen: how much is logged, where it lies, who rotates it, and what is shipped.

use crate::choices;

choices! {
    /// The level of the application's log.
    LogLevel {
        /// Only warnings, which are too few to count here.
        Warn = "warn" "WARN",
        /// A line or so for each request.
        Info = "info" "INFO",
        /// Everything that the developers ever thought of, where the scope is all.
        Debug = "debug" "DEBUG",
    }
}

choices! {
    /// Which requests write their DEBUG lines.
    DebugScope {
        /// What the level says, for every request alike.
        All = "all" "as the level says",
        /// A share of the requests, drawn at random; the others write at INFO or WARN.
        Sampled = "sampled" "a sample",
        /// Requests that fail: each keeps its lines in memory and writes them when it fails.
        OnError = "on_error" "failed requests",
        /// None.
        Off = "off" "none",
    }
}

choices! {
    /// Where the log lies.
    LogVolume {
        /// On the volume of the database.
        Shared = "shared" "with the database",
        /// On one of its own, of the same size. A move takes no time, and takes all files of the log along.
        Separate = "separate" "of its own",
    }
}

choices! {
    /// Who rotates the log.
    RotateMode {
        /// Nobody.
        Off = "off" "nobody",
        /// logrotate, which cron starts at fixed times of day, and which looks at the size only then.
        Cron = "cron" "logrotate, by cron",
        /// The library that writes the log: it deletes the oldest lines before it writes past the size.
        InProcess = "in_process" "the application",
    }
}

choices! {
    /// How the application comes to write into the new file after logrotate has renamed the old one.
    ReopenMode {
        /// logrotate sends it a signal, and it opens the new file.
        Signal = "signal" "signal",
        /// It does not, and writes on into the old file under its new name.
        None = "none" "none",
        /// Nothing is renamed: logrotate copies the file and then cuts it to nothing.
        Copytruncate = "copytruncate" "copytruncate",
    }
}

choices! {
    /// What the agent ships to the log service.
    ShipFilter {
        /// Every line.
        All = "all" "everything",
        /// INFO and above.
        InfoPlus = "info_plus" "INFO and above",
        /// WARN and above, which is next to nothing here.
        WarnPlus = "warn_plus" "WARN and above",
        /// Nothing.
        None = "none" "nothing",
    }
}
