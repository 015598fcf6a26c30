//! The recovery kit: a sheet to print and keep, which says how to come back to the own file when the
//! phone is gone. It shows nothing secret.

use std::fmt::Write;

/// Width of a line of text.
const WIDTH: usize = 78;
/// Size of the drawn sheet (A4 at 96 dpi) and of its lines.
const PAGE: (usize, usize) = (794, 1_123);
const LINE: usize = 17;
const MARGIN: usize = 56;

/// What stands on the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// The person's id on chain.
    pub person: String,
    /// The home province.
    pub home: String,
    /// When it was made.
    pub made_at: String,
    /// The dealing that it is about, and when that was made.
    pub dealing: Option<(u32, String)>,
    /// How many custodians suffice.
    pub threshold: u8,
    /// Provinces whose custodians have a share.
    pub custodians: Vec<String>,
    /// The secret's file, under its passphrase, when the person wants it on the sheet.
    pub secret_file: Option<String>,
}

impl Kit {
    /// The sheet's lines.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            "康链 Kanglian — 找回卡 recovery kit".to_owned(),
            String::new(),
            format!("人员编码 person   {}", self.person),
            format!("归属地 home       {}", self.home),
            format!("制卡时间 made     {}", self.made_at),
        ];
        match &self.dealing {
            Some((number, at)) => lines.push(format!("份额批次 dealing  {number}, {at}")),
            None => {
                lines.push("份额批次 dealing  none: run `kanglian patient custody deal`".to_owned())
            },
        }
        lines.push(String::new());
        lines.push(format!(
            "保管方 custodians: any {} of these {} give the file back",
            self.threshold,
            self.custodians.len()
        ));
        lines.extend(self.custodians.iter().map(|custodian| format!("  - {custodian}")));
        lines.push(String::new());
        lines.push("手机或密钥丢失时 When phone or keys are lost".to_owned());
        for (number, step) in (1..).zip(STEPS) {
            let (first, rest) = wrapped(step, WIDTH - 6);
            lines.push(format!("  {number}. {first}"));
            lines.extend(rest.into_iter().map(|line| format!("     {line}")));
        }
        lines.push(String::new());
        lines.push("请携带 Bring".to_owned());
        lines.extend(BRING.iter().map(|thing| format!("  [ ] {thing}")));
        lines.push(String::new());
        match &self.secret_file {
            None => {
                lines.push("本卡不含任何秘密。 Nothing on this sheet is secret.".to_owned());
            },
            Some(file) => {
                lines.push(
                    "以下密文需口令才能打开。 What follows opens only with its passphrase, which"
                        .to_owned(),
                );
                lines.push("must not be written on this sheet.".to_owned());
                lines.extend(chunks(file, WIDTH));
            },
        }
        lines
    }

    /// The sheet as text.
    pub fn text(&self) -> String {
        let mut text = self.lines().join("\n");
        text.push('\n');
        text
    }

    /// The sheet as a drawing, to print from a browser.
    pub fn svg(&self) -> String {
        let lines = self.lines();
        let (width, least) = PAGE;
        let height = least.max(2 * MARGIN + LINE * lines.len());
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        );
        for (number, line) in lines.iter().enumerate() {
            let y = MARGIN + LINE * (number + 1);
            let (size, weight) = if number == 0 { (20, "bold") } else { (13, "normal") };
            // Writing to a string cannot fail.
            let _ = writeln!(
                svg,
                "<text x=\"{MARGIN}\" y=\"{y}\" font-family=\"monospace\" font-size=\"{size}\" \
                 font-weight=\"{weight}\" xml:space=\"preserve\">{}</text>",
                escaped(line)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

const STEPS: [&str; 5] = [
    "在新设备上运行 `kanglian patient recovery request`，得到申请文件。 On the new device make the \
     request file.",
    "持本卡和证件到任一获准机构核验身份并提交申请。 With this sheet and your document go to any \
     permitted institution; it checks who you are and opens the recovery.",
    "各省泛中心独立核验并批准，期间旧密钥可以异议。 Pan-centres check for themselves and approve; \
     until the delay is over the old key can object.",
    "执行后在新设备上运行 `kanglian patient recovery collect`。 After it was carried out, collect on \
     the new device.",
    "重新发放份额：`kanglian patient custody deal`。 Deal anew.",
];

const BRING: [&str; 3] = [
    "有效身份证件原件 the identity document itself",
    "本卡（没有也可以找回） this sheet (it goes without, too)",
    "新设备上的申请文件 the request file made on the new device",
];

/// A text in lines: the first, and the rest.
fn wrapped(text: &str, width: usize) -> (String, Vec<String>) {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut();
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            },
            _ => lines.push(word.to_owned()),
        }
    }
    let rest = lines.split_off(1);
    (lines.pop().unwrap_or_default(), rest)
}

/// How wide a text is on the screen: Chinese characters take two columns.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if u32::from(letter) >= 0x1100 { 2 } else { 1 }).sum()
}

fn chunks(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        lines.extend(letters.chunks(width).map(|part| part.iter().collect::<String>()));
    }
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kit() -> Kit {
        Kit {
            person: format!("0x{}", "07".repeat(32)),
            home: "320000 江苏 <Jiangsu> & more".to_owned(),
            made_at: "2027-01-31 08:00:00 +08:00".to_owned(),
            dealing: Some((3, "2027-01-30 08:00:00 +08:00".to_owned())),
            threshold: 3,
            custodians: vec!["320000 江苏".to_owned(), "330000 浙江".to_owned()],
            secret_file: None,
        }
    }

    #[test]
    fn the_sheet_says_who_where_and_what_to_bring() {
        let text = kit().text();
        for part in ["0x0707", "any 3 of these 2", "330000 浙江", "identity document", "  5. "] {
            assert!(text.contains(part), "{part} is missing:\n{text}");
        }
        assert!(text.contains("Nothing on this sheet is secret"));
        assert!(text.lines().all(|line| columns(line) <= 100), "{text}");
        let none = Kit { dealing: None, ..kit() };
        assert!(none.text().contains("custody deal"));
    }

    #[test]
    fn the_drawing_is_well_formed_and_says_the_same() {
        let svg = kit().svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(svg.contains("&lt;Jiangsu&gt; &amp; more") && !svg.contains("<Jiangsu>"));
        assert_eq!(svg.matches("<text ").count(), svg.matches("</text>").count());
        assert_eq!(svg.matches("<text ").count(), kit().lines().len());
    }

    #[test]
    fn the_secrets_file_is_on_the_sheet_only_when_wanted() {
        let file = format!("{{\"ciphertext\": \"{}\"}}", "ab".repeat(100));
        let with = Kit { secret_file: Some(file.clone()), ..kit() };
        let text = with.text();
        assert!(text.replace('\n', "").contains(&file));
        assert!(text.contains("opens only with its passphrase"));
        assert!(!kit().text().contains("abab"));
    }
}
