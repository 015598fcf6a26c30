//! The header of a CDA R2 document: which kind it is, and whose.
//!
//! Only the header is read; the document is shared as it came. No entity is expanded and no document
//! type declaration is taken, so that a small file stays small.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// Code system of the documents of WS/T 500.
const SHARED_DOCUMENTS: &str = "2.16.156.10011.2.4";
/// Deepest nesting.
const MAX_DEPTH: usize = 256;

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The kind: code system and code.
    pub code: Option<(String, String)>,
    /// Ids of the patient: `root|extension`.
    pub patients: Vec<String>,
}

impl Header {
    /// How schemas of this kind begin, such as `WS/T 500.3 `.
    pub fn schema_prefix(&self) -> Result<String, String> {
        let (system, code) =
            self.code.as_ref().ok_or("ClinicalDocument/code is missing: which document is it?")?;
        let number = code.strip_prefix('C').filter(|digits| digits.len() == 4);
        let number = number.and_then(|digits| digits.parse::<u32>().ok());
        match number.filter(|number| system == SHARED_DOCUMENTS && *number > 0) {
            Some(number) => Ok(format!("WS/T 500.{number} ")),
            None => Err(format!(
                "ClinicalDocument/code is {code} of {system}, no document of WS/T 500 \
                 ({SHARED_DOCUMENTS}, C0001 and so on)"
            )),
        }
    }
}

/// Reads the header; the whole document must be well-formed.
pub fn header(bytes: &[u8]) -> Result<Header, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "CDA: not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut header = Header::default();
    let mut path: Vec<String> = Vec::new();
    let mut elements = 0u64;
    loop {
        let position = reader.buffer_position();
        let wrong = |what: &dyn std::fmt::Display| format!("CDA, byte {position}: {what}");
        let event = reader.read_event().map_err(|error| wrong(&error))?;
        match event {
            Event::Eof if !path.is_empty() => return Err(wrong(&"the document ends early")),
            Event::Eof if elements == 0 => return Err(wrong(&"there is no element")),
            Event::Eof => return Ok(header),
            Event::DocType(_) => {
                return Err(wrong(&"document type declarations are not taken"));
            },
            Event::Start(start) => {
                elements = elements.saturating_add(1);
                enter(&mut path, &start, elements).map_err(|error| wrong(&error))?;
                note(&mut header, &path, &start).map_err(|error| wrong(&error))?;
            },
            Event::Empty(start) => {
                elements = elements.saturating_add(1);
                enter(&mut path, &start, elements).map_err(|error| wrong(&error))?;
                note(&mut header, &path, &start).map_err(|error| wrong(&error))?;
                path.pop();
            },
            Event::End(_) => {
                path.pop();
            },
            // What stands in text is not looked at; a reference to an entity stays what it is.
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {},
        }
    }
}

fn enter(path: &mut Vec<String>, start: &BytesStart, elements: u64) -> Result<(), String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    if path.is_empty() && (elements > 1 || name != "ClinicalDocument") {
        return Err(format!("<{name}> instead of one ClinicalDocument"));
    }
    if path.len() >= MAX_DEPTH {
        return Err("nested too deeply".to_owned());
    }
    path.push(name);
    Ok(())
}

fn note(header: &mut Header, path: &[String], start: &BytesStart) -> Result<(), String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["ClinicalDocument", "code"] => {
            let (system, code) = (attribute(start, "codeSystem")?, attribute(start, "code")?);
            header.code = system.zip(code);
        },
        ["ClinicalDocument", "recordTarget", "patientRole", "id"] => {
            let (root, extension) = (attribute(start, "root")?, attribute(start, "extension")?);
            if let Some((root, extension)) = root.zip(extension) {
                header.patients.push(format!("{root}|{extension}"));
            }
        },
        _ => {},
    }
    Ok(())
}

fn attribute(start: &BytesStart, name: &str) -> Result<Option<String>, String> {
    let found = start.try_get_attribute(name).map_err(|error| error.to_string())?;
    let Some(attribute) = found else { return Ok(None) };
    let value: Cow<str> =
        attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
    Ok(Some(value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:mif="urn:hl7-org:v3/mif">
  <realmCode code="CN"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_MT000040"/>
  <templateId root="2.16.156.10011.2.1.1.21"/>
  <id root="2.16.156.10011.1.1" extension="RN001"/>
  <code code="C0003" codeSystem="2.16.156.10011.2.4" codeSystemName="卫生信息共享文档规范编码体系"/>
  <title>急诊留观病历</title>
  <recordTarget typeCode="RCT" contextControlCode="OP">
    <patientRole classCode="PAT">
      <id root="2.16.156.10011.1.12" extension="HA201102113366666"/>
      <id root="2.16.156.10011.1.19" extension="E&#x2d;1"/>
      <patient><id root="2.16.156.10011.1.3" extension="not looked at"/><name>&who;</name></patient>
    </patientRole>
  </recordTarget>
  <component><structuredBody><code code="X" codeSystem="Y"/></structuredBody></component>
</ClinicalDocument>"#;

    #[test]
    fn kind_and_patient_are_read_and_nothing_else() {
        let header = header(DOCUMENT.as_bytes()).unwrap();
        assert_eq!(header.schema_prefix().unwrap(), "WS/T 500.3 ");
        let ids = ["2.16.156.10011.1.12|HA201102113366666", "2.16.156.10011.1.19|E-1"];
        assert_eq!(header.patients, ids);
    }

    #[test]
    fn entities_are_not_expanded_and_declarations_not_taken() {
        let bomb = format!(
            "<!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>{}",
            DOCUMENT.split_once("?>").unwrap().1
        );
        assert!(header(bomb.as_bytes()).unwrap_err().contains("declarations"));
        let named = DOCUMENT.replace("HA201102113366666", "&b;");
        assert!(header(named.as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_cda_is_refused_with_its_place() {
        let deep = format!("<ClinicalDocument>{}", "<a>".repeat(300));
        for (text, part) in [
            ("", "no element"),
            ("text", "no element"),
            ("<a/>", "instead of one ClinicalDocument"),
            ("<ClinicalDocument/><ClinicalDocument/>", "instead of one"),
            ("<ClinicalDocument><a></ClinicalDocument>", "byte"),
            ("<ClinicalDocument>", "ends early"),
            (&deep, "deeply"),
        ] {
            let error = header(text.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(header(&[0xff, 0xfe]).unwrap_err().contains("UTF-8"));
        let kind = |code: &str| {
            let text = DOCUMENT.replace("C0003", code);
            header(text.as_bytes()).unwrap().schema_prefix()
        };
        assert_eq!(kind("C0053").unwrap(), "WS/T 500.53 ");
        for code in ["C0000", "C003", "X0003", "C00O3"] {
            assert!(kind(code).is_err(), "{code}");
        }
        assert!(Header::default().schema_prefix().is_err());
    }
}
