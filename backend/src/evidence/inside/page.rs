//! The first page of a PDF, drawn small.

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    render, vello_cpu::color::palette::css::WHITE,
};
use image::{Rgb, RgbImage};

use super::{Done, Refusal, picture};

/// Pixels of the longer side.
const LONGER_SIDE: f32 = 480.0;
/// Points of the longest side of a page that is drawn; the format itself allows 14,400.
const LARGEST_PAGE: f32 = 20_000.0;

pub fn thumbnail(content: &[u8]) -> Done<Vec<u8>> {
    let pdf = Pdf::new(content.to_vec()).map_err(|_| Refusal::Damaged)?;
    let page = pdf.pages().first().ok_or(Refusal::Damaged)?;
    let (width, height) = page.render_dimensions();
    let longer = width.max(height);
    if !(1.0..=LARGEST_PAGE).contains(&longer) || width.min(height) < 1.0 {
        return Err(Refusal::TooLarge);
    }
    let scale = LONGER_SIDE / longer;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let cache = RenderCache::new();
    let drawn = render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    if width == 0 || height == 0 {
        return Err(Refusal::Damaged);
    }
    let pixels = drawn.data();
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let at = y as usize * width as usize + x as usize;
        pixels.get(at).map_or(Rgb([255; 3]), |pixel| Rgb([pixel.r, pixel.g, pixel.b]))
    });
    picture::jpeg(&picture)
}
