//! The program `kpi`; everything is in the library.

/// The system's allocator keeps what a password hash has used (19 MiB each) in every thread's arena for good.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    kpi::cli::main()
}
