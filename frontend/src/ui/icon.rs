//! A small set of line icons (24 × 24, drawn after Lucide, ISC licence). They decorate words and are hidden from
//! screen readers.

use yew::prelude::*;

macro_rules! icons {
    ($($name:ident = [$($path:literal),+ $(,)?];)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum IconName { $($name),* }

        impl IconName {
            const fn paths(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($path),+]),* }
            }
        }
    };
}

icons! {
    Alert = ["M10.29 3.86 1.82 18a2 2 0 0 0 1.71 3h16.94a2 2 0 0 0 1.71-3L13.71 3.86a2 2 0 0 0-3.42 0z", "M12 9v4", "M12 17h.01"];
    ArrowDown = ["M12 5v14", "m19 12-7 7-7-7"];
    ArrowLeftRight = ["m18 8 4 4-4 4", "M2 12h20", "m6 8-4 4 4 4"];
    ArrowRight = ["M5 12h14", "m12 5 7 7-7 7"];
    ArrowUp = ["M12 19V5", "m5 12 7-7 7 7"];
    Ban = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "m4.9 4.9 14.2 14.2"];
    Bell = ["M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9", "M10.3 21a1.94 1.94 0 0 0 3.4 0"];
    Building = ["M6 22V4a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v18z", "M2 22h20", "M10 6h4", "M10 10h4", "M10 14h4", "M10 18h4"];
    Calendar = ["M8 2v4", "M16 2v4", "M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z", "M3 10h18"];
    Camera = ["M14.5 4h-5L7 7H4a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-3z", "M12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"];
    Chart = ["M3 3v18h18", "M18 17V9", "M13 17V5", "M8 17v-3"];
    Check = ["M20 6 9 17l-5-5"];
    CheckCircle = ["M22 11.08V12a10 10 0 1 1-5.93-9.14", "m9 11 3 3L22 4"];
    ChevronDown = ["m6 9 6 6 6-6"];
    ChevronLeft = ["m15 18-6-6 6-6"];
    ChevronRight = ["m9 18 6-6-6-6"];
    Circle = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z"];
    Clip = ["m21.44 11.05-9.19 9.19a6 6 0 0 1-8.49-8.49l8.57-8.57A4 4 0 1 1 18 8.84l-8.59 8.57a2 2 0 0 1-2.83-2.83l8.49-8.48"];
    Clock = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M12 6v6l4 2"];
    Copy = ["M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2z", "M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"];
    Dots = ["M12 12h.01", "M19 12h.01", "M5 12h.01"];
    Download = ["M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5", "M12 15V3"];
    Eye = ["M2 12s3-7 10-7 10 7 10 7-3 7-10 7-10-7-10-7z", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"];
    EyeOff = ["M9.88 9.88a3 3 0 1 0 4.24 4.24", "M10.73 5.08A10.43 10.43 0 0 1 12 5c7 0 10 7 10 7a13.16 13.16 0 0 1-1.67 2.68", "M6.61 6.61A13.53 13.53 0 0 0 2 12s3 7 10 7a9.74 9.74 0 0 0 5.39-1.61", "m2 2 20 20"];
    File = ["M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7z", "M14 2v4a2 2 0 0 0 2 2h4", "M8 13h8", "M8 17h5"];
    Filter = ["M22 3H2l8 9.46V19l4 2v-8.54z"];
    Gauge = ["m12 14 4-4", "M3.34 19a10 10 0 1 1 17.32 0"];
    Grid = ["M3 3h7v7H3z", "M14 3h7v7h-7z", "M14 14h7v7h-7z", "M3 14h7v7H3z"];
    Help = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3", "M12 17h.01"];
    History = ["M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8", "M3 3v5h5", "M12 7v5l4 2"];
    Home = ["m3 9 9-7 9 7v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z", "M9 22V12h6v10"];
    Info = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M12 16v-4", "M12 8h.01"];
    Key = ["m15.5 7.5 2.3 2.3a1 1 0 0 0 1.4 0l2.1-2.1a1 1 0 0 0 0-1.4L19 4", "m21 2-9.6 9.6", "M7.5 10a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z"];
    Laptop = ["M5 4h14a1 1 0 0 1 1 1v10H4V5a1 1 0 0 1 1-1z", "M2 20h20", "M4 15l-2 5", "M20 15l2 5"];
    Layers = ["m12 2 10 5-10 5L2 7z", "m2 12 10 5 10-5", "m2 17 10 5 10-5"];
    List = ["M8 6h13", "M8 12h13", "M8 18h13", "M3 6h.01", "M3 12h.01", "M3 18h.01"];
    LogOut = ["M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4", "m16 17 5-5-5-5", "M21 12H9"];
    Menu = ["M4 6h16", "M4 12h16", "M4 18h16"];
    Message = ["M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2z"];
    Minus = ["M5 12h14"];
    Moon = ["M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9z"];
    Pencil = ["M17 3a2.83 2.83 0 1 1 4 4L7.5 20.5 2 22l1.5-5.5z", "m15 5 4 4"];
    Plug = ["M12 22v-5", "M9 8V2", "M15 8V2", "M18 8v5a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4V8z"];
    Plus = ["M5 12h14", "M12 5v14"];
    Receipt = ["M4 2v20l2-1 2 1 2-1 2 1 2-1 2 1 2-1 2 1V2l-2 1-2-1-2 1-2-1-2 1-2-1-2 1z", "M8 8h8", "M8 12h8", "M8 16h5"];
    Refresh = ["M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8", "M21 3v5h-5", "M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16", "M3 21v-5h5"];
    Search = ["M11 3a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "m21 21-4.3-4.3"];
    Send = ["m22 2-7 20-4-9-9-4z", "M22 2 11 13"];
    Sliders = ["M4 21v-7", "M4 10V3", "M12 21v-9", "M12 8V3", "M20 21v-5", "M20 12V3", "M2 14h4", "M10 8h4", "M18 16h4"];
    Sun = ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 2v2", "M12 20v2", "m4.93 4.93 1.41 1.41", "m17.66 17.66 1.41 1.41", "M2 12h2", "M20 12h2", "m6.34 17.66-1.41 1.41", "m19.07 4.93-1.41 1.41"];
    Target = ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "M12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"];
    Trash = ["M3 6h18", "M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6", "M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2", "M10 11v6", "M14 11v6"];
    Undo = ["M3 7v6h6", "M21 17a9 9 0 0 0-15-6.7L3 13"];
    Upload = ["M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m17 8-5-5-5 5", "M12 3v12"];
    User = ["M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2", "M12 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"];
    Users = ["M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2", "M9 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M22 21v-2a4 4 0 0 0-3-3.87", "M16 3.13a4 4 0 0 1 0 7.75"];
    X = ["M18 6 6 18", "m6 6 12 12"];
}

#[derive(Properties, PartialEq)]
pub struct IconProps {
    pub name: IconName,
    #[prop_or("size-4")]
    pub class: &'static str,
}

#[component]
pub fn Icon(props: &IconProps) -> Html {
    html! {
        <svg
            class={classes!("shrink-0", props.class)}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            { for props.name.paths().iter().map(|path| html! { <path d={*path} /> }) }
        </svg>
    }
}
