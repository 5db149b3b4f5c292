//! The kinds of files that are known here: what each is called on the wire, and how it can be looked at.

use kpi_api::evidence::PreviewKind;

/// A kind of file. What the configuration allows beyond these is kept and handed back, and not looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Doc,
    Xls,
    Ppt,
    Docx,
    Xlsx,
    Pptx,
    Jpeg,
    Png,
    Gif,
    Other,
}

impl FileKind {
    /// By an extension in lower case.
    pub fn of(extension: &str) -> Self {
        match extension {
            "pdf" => Self::Pdf,
            "doc" => Self::Doc,
            "xls" => Self::Xls,
            "ppt" => Self::Ppt,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "pptx" => Self::Pptx,
            "jpg" | "jpeg" => Self::Jpeg,
            "png" => Self::Png,
            "gif" => Self::Gif,
            _ => Self::Other,
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Other => "application/octet-stream",
        }
    }

    pub const fn preview(self) -> PreviewKind {
        match self {
            Self::Pdf => PreviewKind::Pdf,
            Self::Xls | Self::Xlsx => PreviewKind::Table,
            Self::Docx | Self::Pptx => PreviewKind::Text,
            Self::Jpeg | Self::Png | Self::Gif => PreviewKind::Image,
            Self::Doc | Self::Ppt | Self::Other => PreviewKind::None,
        }
    }

    pub const fn has_thumbnail(self) -> bool {
        matches!(self.preview(), PreviewKind::Image | PreviewKind::Pdf)
    }
}
