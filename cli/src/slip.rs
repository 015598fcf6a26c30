//! Codes for people: QR in the terminal, as SVG, and a large-print slip.

use anyhow::Context as _;
use qrcode::{EcLevel, QrCode, render::svg, render::unicode};

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
    }

    #[test]
    fn a_slip_shows_the_code_in_two_lines_and_no_pin() {
        let page = page(TEXT, 1, "2026-12-01").unwrap();
        assert!(page.contains("KS-7H04-1061-050R<br>3GG2-8A1C-60T3-GFZQ"), "{page}");
        assert!(page.contains("2026-12-01") && !page.contains("<?xml"));
    }
}
