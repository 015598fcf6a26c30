//! Codes for people: QR in the terminal, as SVG and PNG, and a large-print slip.

use anyhow::Context as _;
use qrcode::{EcLevel, QrCode, render::svg, render::unicode};

/// Pixels of one module of a PNG.
const MODULE: u32 = 8;
/// Empty modules around a QR code, as the standard wants.
const QUIET: u32 = 4;

fn code(text: &str) -> anyhow::Result<QrCode> {
    // A quarter of a damaged or folded print can be made good.
    QrCode::with_error_correction_level(text, EcLevel::Q).context("a QR code of the text")
}

/// For a terminal with dark background or light, half a character a module.
pub fn terminal(text: &str) -> anyhow::Result<String> {
    let image = code(text)?;
    let mut image = image.render::<unicode::Dense1x2>();
    image.dark_color(unicode::Dense1x2::Light).light_color(unicode::Dense1x2::Dark);
    Ok(image.build())
}

/// As an SVG image.
pub fn svg(text: &str) -> anyhow::Result<String> {
    let image = code(text)?;
    Ok(image.render::<svg::Color<'_>>().min_dimensions(320, 320).build())
}

/// As a PNG image, black on white.
pub fn png(text: &str) -> anyhow::Result<Vec<u8>> {
    let code = code(text)?;
    let width = u32::try_from(code.width()).context("a QR code is small")?;
    let side = (width + 2 * QUIET) * MODULE;
    let modules = code.to_colors();
    let is_dark = |x: u32, y: u32| {
        let (x, y) = (x.checked_sub(QUIET), y.checked_sub(QUIET));
        let inside = x.zip(y).filter(|(x, y)| *x < width && *y < width);
        inside.is_some_and(|(x, y)| {
            let at = usize::try_from(y * width + x).unwrap_or(usize::MAX);
            modules.get(at).is_some_and(|color| *color == qrcode::Color::Dark)
        })
    };
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x / MODULE, y / MODULE)))
        .map(|(x, y)| if is_dark(x, y) { 0 } else { 255 })
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().context("a PNG header")?;
    writer.write_image_data(&pixels).context("PNG pixels")?;
    writer.finish().context("the end of the PNG")?;
    Ok(out)
}

/// A page to print in large letters, Chinese and English. The PIN is not on it.
pub fn page(text: &str, uses: u8, expires: &str) -> anyhow::Result<String> {
    let groups: Vec<&str> = text.split('-').collect();
    let lines: Vec<String> = groups.chunks(4).map(|line| line.join("-")).collect();
    let image = svg(text)?;
    // The XML declaration of the image has no place inside a page.
    let image = image.find("<svg").and_then(|at| image.get(at..)).unwrap_or(&image);
    Ok(format!(
        r#"<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>授权码 Authorisation code</title>
<style>
body {{ font-family: sans-serif; font-size: 20pt; margin: 2cm; color: #000; background: #fff; }}
h1 {{ font-size: 30pt; }}
.code {{ font-family: monospace; font-size: 34pt; font-weight: bold; line-height: 1.6; }}
svg {{ width: 8cm; height: 8cm; }}
</style>
</head>
<body>
<h1>授权码 · Authorisation code</h1>
<p class="code">{}</p>
{image}
<p>请把此单交给您的医生，口令另行告知，切勿写在此单上。<br>
Give this slip to your doctor and say the PIN; do not write the PIN on it.</p>
<p>可用次数 Uses: {uses}<br>有效期至 Valid until: {expires}</p>
<p>遗失此单请作废并重新打印。If it is lost, have it cancelled and printed anew.</p>
</body>
</html>
"#,
        lines.join("<br>")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "KS-7H04-1061-050R-3GG2-8A1C-60T3-GFZQ";

    #[test]
    fn the_qr_code_has_the_same_form_everywhere() {
        let width = code(TEXT).unwrap().width();
        let terminal = terminal(TEXT).unwrap();
        // Half as many lines as modules, with the quiet zone.
        assert_eq!(terminal.lines().count(), (width + 8).div_ceil(2));
        assert!(svg(TEXT).unwrap().contains("<svg"));
        let png = png(TEXT).unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(&png));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let side = u32::try_from(width).unwrap() * MODULE + 2 * QUIET * MODULE;
        assert_eq!((info.width, info.height), (side, side));
        // The corner is quiet, the first finder pattern is dark.
        let at = |x: u32, y: u32| pixels[usize::try_from(y * side + x).unwrap()];
        assert_eq!(at(0, 0), 255);
        assert_eq!(at(QUIET * MODULE, QUIET * MODULE), 0);
        assert_eq!(at(QUIET * MODULE + MODULE, QUIET * MODULE + MODULE), 255);
    }

    #[test]
    fn a_slip_shows_the_code_in_two_lines_and_no_pin() {
        let page = page(TEXT, 1, "2026-12-01").unwrap();
        assert!(page.contains("KS-7H04-1061-050R<br>3GG2-8A1C-60T3-GFZQ"), "{page}");
        assert!(page.contains("2026-12-01") && !page.contains("<?xml"));
    }
}
