//! Codes that a person issues, and that a practitioner or a care team redeems.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockSet, CodeKey, Grantee, Instant, PersonId, PurposeSet, TermsTemplate,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls, care::Code},
    codes::{CodeSeed, Slip},
    keys::{Account, write_private},
};
use serde::Serialize;

use crate::{
    codes, context::Context, fault::Fault, files, instant, names, passphrase::secret_line,
    shown::fields, slip,
};

/// What a person does with codes.
#[derive(Debug, Subcommand)]
pub enum Issuing {
    /// Issue a code that gives terms to whoever redeems it
    Issue(IssueArgs),
    /// List the own codes
    List,
    /// Cancel a code; terms it gave stay until they are revoked
    Cancel {
        /// The code's key, as `list` shows it
        code: CodeKey,
    },
    /// Print an open code anew as a slip with a PIN: the old code is cancelled
    Slip {
        /// The code's key, as `list` shows it
        code: CodeKey,
        /// New file for the page to print (HTML)
        #[arg(long)]
        out: PathBuf,
    },
}

/// A code to be issued.
#[derive(Debug, Args)]
pub struct IssueArgs {
    /// Business blocks; a restricted block only alone
    #[arg(long, value_parser = names::blocks)]
    blocks: BusinessBlockSet,
    /// Purposes (HL7 v3 PurposeOfUse)
    #[arg(long, value_parser = names::purposes, default_value = "TREAT")]
    purposes: PurposeSet,
    /// Until when the terms count
    #[arg(long, value_parser = instant::parse)]
    until: Instant,
    /// Only records shared since
    #[arg(long, value_parser = instant::parse)]
    records_from: Option<Instant>,
    /// Only records shared before
    #[arg(long, value_parser = instant::parse)]
    records_until: Option<Instant>,
    /// How often the reader may give it on, one below the other
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    may_delegate: u8,
    /// How many practitioners or teams may redeem the code
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    uses: u8,
    /// Until when the code may be redeemed
    #[arg(long, value_parser = instant::parse, default_value = "+1d")]
    expires: Instant,
    /// New file for the QR code as SVG
    #[arg(long, conflicts_with = "slip")]
    svg: Option<PathBuf>,
    /// Make a slip for somebody without a phone instead: new file for the page to print (HTML);
    /// the PIN is shown here and stands nowhere else
    #[arg(long)]
    slip: Option<PathBuf>,
}

impl IssueArgs {
    fn template(&self) -> TermsTemplate {
        TermsTemplate {
            blocks: self.blocks,
            purposes: self.purposes,
            from: instant::now(),
            until: self.until,
            records_from: self.records_from.unwrap_or(0),
            records_until: self.records_until.unwrap_or(Instant::MAX),
            may_delegate: self.may_delegate,
        }
    }
}

/// The person who issues.
pub struct Issuer<'a> {
    /// Name or file of the account.
    pub account: &'a str,
    /// Name or file of the secret.
    pub secret: &'a str,
    /// The person.
    pub person: PersonId,
}

/// A code as `list` shows it.
#[derive(Serialize)]
struct Listed {
    code: CodeKey,
    blocks: String,
    purposes: String,
    until: String,
    uses_left: u8,
    expires: String,
    standing: String,
    redeemed_by: Vec<String>,
}

impl Listed {
    fn of(key: CodeKey, code: &Code) -> Self {
        Self {
            code: key,
            blocks: names::show_blocks(code.template.blocks),
            purposes: names::show_purposes(code.template.purposes),
            until: instant::show(code.template.until),
            uses_left: code.uses_left(),
            expires: instant::show(code.expires_at),
            standing: code.standing(instant::now()).to_string(),
            redeemed_by: code
                .redeemed
                .iter()
                .map(|redemption| names::show_grantee(&redemption.grantee))
                .collect(),
        }
    }
}

impl Issuer<'_> {
    /// Carries out the command.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        command: &Issuing,
    ) -> anyhow::Result<()> {
        match command {
            Issuing::Issue(args) => self.issue(context, chain, args).await,
            Issuing::List => self.list(context, chain).await,
            Issuing::Cancel { code } => {
                let account = context.account(self.account)?;
                let included = self.cancel(context, chain, &account, *code).await?;
                context.output.fields(fields!({
                    "done": format!("cancelled {code}"),
                    "block": included,
                }));
                Ok(())
            },
            Issuing::Slip { code, out } => self.reissue(context, chain, *code, out).await,
        }
    }

    async fn cancel(
        &self,
        context: &Context,
        chain: &Client,
        account: &Account,
        code: CodeKey,
    ) -> anyhow::Result<u32> {
        let call = calls::access_codes::cancel_code(code);
        Ok(context.send(chain, &call, account).await?.number)
    }

    async fn list(&self, context: &Context, chain: &Client) -> anyhow::Result<()> {
        let codes = chain.open_codes(&self.person, At::Best).await?;
        let codes: Vec<_> = codes.iter().map(|(key, code)| Listed::of(*key, code)).collect();
        let columns = ["code", "blocks", "purposes", "until", "uses left", "expires", "standing"];
        context.output.rows(&columns, &codes, |listed| {
            vec![
                listed.code.to_string(),
                listed.blocks.clone(),
                listed.purposes.clone(),
                listed.until.clone(),
                listed.uses_left.to_string(),
                listed.expires.clone(),
                listed.standing.clone(),
            ]
        });
        Ok(())
    }

    async fn issue(
        &self,
        context: &Context,
        chain: &Client,
        args: &IssueArgs,
    ) -> anyhow::Result<()> {
        for path in [&args.svg, &args.slip].into_iter().flatten() {
            must_be_new(path)?;
        }
        let rest = (args.uses, args.expires);
        if let Some(out) = &args.slip {
            return self.print(context, chain, &args.template(), rest, out).await;
        }
        let seed = CodeSeed::generate();
        let (key, block) = self.issue_one(context, chain, &seed, &args.template(), rest).await?;
        let text = seed.text();
        if let Some(path) = &args.svg {
            write_private(path, slip::svg(&text)?.as_bytes(), false)?;
        }
        context.output.note(slip::terminal(&text)?);
        context.output.fields(fields!({
            "code": text,
            "key": key,
            "uses": args.uses,
            "expires": instant::show(args.expires),
            "blocks": names::show_blocks(args.blocks),
            "until": instant::show(args.until),
            "svg": args.svg,
            "block": block,
            "keep": "whoever has this code can redeem it; it is kept nowhere",
        }));
        Ok(())
    }

    async fn issue_one(
        &self,
        context: &Context,
        chain: &Client,
        seed: &CodeSeed,
        template: &TermsTemplate,
        rest: (u8, Instant),
    ) -> anyhow::Result<(CodeKey, u32)> {
        let account = context.account(self.account)?;
        let secret = context.person_secret(self.secret)?;
        let vault = context.vault(chain, &self.person, &account).await?;
        let person = self.person;
        let issued =
            codes::issue(chain, &vault, &account, &secret, person, seed, template, rest).await?;
        Ok((issued.key, issued.included.number))
    }

    /// Issues a code as a slip and its PIN.
    async fn print(
        &self,
        context: &Context,
        chain: &Client,
        template: &TermsTemplate,
        (uses, expires): (u8, Instant),
        out: &Path,
    ) -> anyhow::Result<()> {
        let (printed, pin) = Slip::generate();
        let seed = printed.open(&pin)?;
        let page = slip::page(&printed.text(), uses, &instant::show(expires))?;
        // On disk before the code counts: nothing is issued that cannot be handed over.
        write_private(out, page.as_bytes(), false)?;
        let issued = self.issue_one(context, chain, &seed, template, (uses, expires)).await;
        let (key, block) = match issued {
            Ok(issued) => issued,
            Err(error) => {
                let _ = std::fs::remove_file(out);
                return Err(error);
            },
        };
        let (first, second) = pin.split_at(pin.len() / 2);
        context.output.fields(fields!({
            "slip": out,
            "pin": format!("{first} {second}"),
            "key": key,
            "uses": uses,
            "expires": instant::show(expires),
            "block": block,
            "keep": "print the slip; tell the PIN, write it elsewhere: a copied slip opens nothing \
                     without it",
        }));
        Ok(())
    }

    /// Cancels an open code and issues one with the same terms and what is left of its uses.
    async fn reissue(
        &self,
        context: &Context,
        chain: &Client,
        key: CodeKey,
        out: &Path,
    ) -> anyhow::Result<()> {
        must_be_new(out)?;
        let found = chain.code(&key, At::Best).await?;
        let code = found
            .filter(|code| code.person == self.person)
            .ok_or_else(|| Fault::refused(format!("{key} is none of the own codes")))?;
        let standing = code.standing(instant::now());
        if standing != kanglian_sdk::chain::care::CodeStanding::Open {
            return Err(Fault::refused(format!("{key} is {standing}; issue a new one")).into());
        }
        let account = context.account(self.account)?;
        self.cancel(context, chain, &account, key).await?;
        let rest = (code.uses_left(), code.expires_at);
        self.print(context, chain, &code.template, rest, out).await
    }
}

fn must_be_new(path: &Path) -> Result<(), Fault> {
    match path.exists() {
        true => Err(Fault::usage(format!("{} exists already", path.display()))),
        false => Ok(()),
    }
}

/// What a reader does with codes.
#[derive(Debug, Subcommand)]
pub enum Redeeming {
    /// Redeem a code, typed or from a file; a slip's PIN is asked for too
    Redeem {
        /// File with the code on its first line and a slip's PIN on the second, instead of typing
        #[arg(long)]
        code_file: Option<PathBuf>,
    },
}

/// Redeems for the grantee as which the reader acts.
pub async fn redeem(
    context: &Context,
    chain: &Client,
    account: &Account,
    acting_as: &Grantee<AccountId>,
    code_file: Option<&Path>,
) -> anyhow::Result<()> {
    let seed = read_seed(code_file)?;
    let (_, code) = codes::find(chain, &seed).await?;
    let vault = context.vault(chain, &code.person, account).await?;
    let redeemed = codes::redeem(chain, &vault, account, &seed, acting_as).await?;
    context.output.fields(fields!({
        "code": redeemed.key,
        "person": redeemed.person,
        "as": names::show_grantee(acting_as),
        "terms": redeemed.terms.id,
        "blocks": names::show_blocks(redeemed.terms.blocks),
        "purposes": names::show_purposes(redeemed.terms.purposes),
        "until": instant::show(redeemed.terms.until),
        "block": redeemed.height,
        "next": "read with `reader --person … file`; the code is no longer needed",
    }));
    Ok(())
}

fn read_seed(file: Option<&Path>) -> anyhow::Result<CodeSeed> {
    let read = |text: &str, pin: Option<&str>| {
        CodeSeed::read(text, pin).map_err(|error| Fault::usage(error.to_string()))
    };
    if let Some(path) = file {
        let bytes = zeroize::Zeroizing::new(files::read_small(path)?);
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Fault::usage(format!("{} is no text", path.display())))?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let code = lines.next().unwrap_or_default();
        return Ok(read(code, lines.next())?);
    }
    let code = secret_line("Code", false)?;
    match CodeSeed::read(&code, None) {
        Err(kanglian_sdk::codes::CodeError::PinMissing) => {
            let pin = secret_line("PIN of the slip", false)?;
            Ok(read(&code, Some(&pin))?)
        },
        other => Ok(other.map_err(|error| Fault::usage(error.to_string()))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(text: &str) -> anyhow::Result<CodeSeed> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("code");
        std::fs::write(&path, text)?;
        read_seed(Some(&path))
    }

    #[test]
    fn a_code_is_read_from_the_first_line_of_a_file() {
        let seed = CodeSeed::generate();
        let text = seed.text();
        assert_eq!(in_file(&format!("\n  {}\r\n", text.to_lowercase())).unwrap(), seed);
        let (first, last) = text.split_at(text.len() - 1);
        let other = if last == "0" { "1" } else { "0" };
        for wrong in ["", "\n", &format!("{first}{other}"), &format!("{text}\n12345678")] {
            let error = in_file(wrong).unwrap_err();
            assert_eq!(crate::fault::class_of(&error), crate::fault::Class::Usage, "{wrong}");
        }
    }

    #[test]
    fn a_slip_in_a_file_needs_its_pin_on_the_second_line() {
        let (slip, pin) = Slip::generate();
        let error = in_file(&slip.text()).unwrap_err();
        assert!(error.to_string().contains("PIN"), "{error}");
        let short = in_file(&format!("{}\n{}\n", slip.text(), &pin[1..])).unwrap_err();
        assert!(short.to_string().contains("8 digits"), "{short}");
        in_file(&format!("{}\n{pin}\n", slip.text())).unwrap();
    }
}
