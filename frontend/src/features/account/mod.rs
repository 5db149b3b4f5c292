//! Getting in: log in, forgotten password, new password, the first administrator.

mod forgot;
mod login;
mod reset;
mod setup;

pub use forgot::ForgotPasswordPage;
pub use login::LoginPage;
pub use reset::ResetPasswordPage;
pub use setup::SetupPage;
