//! What can be told about a rule without running it: its entry function, names that do not exist, words that rules
//! do not have.

use std::collections::BTreeSet;

use kpi_api::scoring::{RuleKind, Severity};
use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use crate::{
    nearest::nearest,
    outcome::{Diagnostic, doubt, fault},
    vocabulary::{self, BUILT_IN},
};

/// What a source can name besides its own functions.
pub(crate) struct Known<'a> {
    pub names: Vec<&'a str>,
    /// Those whose number of parameters is certain, with the fewest and the most.
    pub arities: &'a [(&'a str, usize, usize)],
}

impl Known<'_> {
    fn has(&self, name: &str) -> bool {
        self.names.contains(&name) || BUILT_IN.contains(&name)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().copied().chain(BUILT_IN.iter().copied())
    }
}

/// All that is wrong with a rule, in the order of the source.
pub(crate) fn check(kind: RuleKind, source: &str, ast: &AST) -> Result<(), Vec<Diagnostic>> {
    let mut found = Vec::new();
    let known = Known { names: vocabulary::functions().map(|(_, f)| f.name).collect(), arities: &[] };
    let entry = vocabulary::entry(kind);
    match ast.iter_functions().find(|f| f.name == entry) {
        Some(f) if f.params.len() == 2 => {
            let roots = [(f.params[0].to_string(), "kpi"), (f.params[1].to_string(), "ctx")];
            walk(ast, &known, &roots, &mut found);
        }
        Some(_) => {
            let message = format!("`{entry}` takes two parameters: `fn {entry}(kpi, ctx)`.");
            found.push(fault(definition(source, entry), message));
        }
        None => {
            let message = format!("A {kind} rule needs a function `fn {entry}(kpi, ctx)`.");
            found.push(fault(Position::NONE, message));
        }
    }
    top(source, ast, &known, entry, &mut found);
    sorted(found)
}

/// All that is wrong with a script that has no function of a certain name, in the order of the source.
pub(crate) fn check_script(source: &str, ast: &AST, known: &Known<'_>) -> Result<(), Vec<Diagnostic>> {
    let mut found = Vec::new();
    walk(ast, known, &[], &mut found);
    top(source, ast, known, "", &mut found);
    sorted(found)
}

/// What stands at the top of a source: functions, and none with the name of another word.
fn top(source: &str, ast: &AST, known: &Known<'_>, entry: &str, found: &mut Vec<Diagnostic>) {
    if let Some(statement) = ast.statements().first() {
        let what = if entry.is_empty() { "script" } else { "rule" };
        let message = format!("Only functions stand at the top of a {what}; move this into one.");
        found.push(fault(statement.position(), message));
    }
    for function in ast.iter_functions().filter(|function| function.name != entry) {
        let name = function.name;
        if known.has(name) {
            let message = format!("`{name}` is a function of the language; give this one another name.");
            found.push(fault(definition(source, name), message));
        }
    }
}

fn sorted(mut found: Vec<Diagnostic>) -> Result<(), Vec<Diagnostic>> {
    if found.iter().any(|d| d.severity == Severity::Error) {
        found.sort_by_key(|d| (d.line, d.column));
        found.dedup();
        return Err(found);
    }
    Ok(())
}

fn walk(ast: &AST, known: &Known<'_>, roots: &[(String, &'static str)], found: &mut Vec<Diagnostic>) {
    let own: Vec<(String, usize)> =
        ast.iter_functions().map(|f| (f.name.to_string(), f.params.len())).collect();
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at)))
                if !captures(path) =>
            {
                function(call, Call::Function, *at, &own, known, found);
            }
            Some(ASTNode::Stmt(share @ Stmt::Share(_))) if !handed_over(path) => {
                let message = "A function that uses variables around it can only be handed over directly, as in \
                               `list.filter(|x| x > limit)`.";
                found.push(fault(share.position(), message));
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, at))) => {
                function(call, Call::Method, *at, &own, known, found);
            }
            Some(ASTNode::Expr(Expr::ThisPtr(at))) => {
                found.push(fault(*at, "There is no `this`; pass the value to the function."));
            }
            Some(ASTNode::Expr(Expr::Dot(chain, ..))) => {
                if let Expr::Variable(variable, ..) = &chain.lhs
                    && let Some((_, record)) = roots.iter().find(|(name, _)| *name == variable.1.as_str())
                {
                    fields(record, &chain.rhs, found);
                }
            }
            _ => {}
        }
        true
    });
}

/// Whether the call at the end of the path is the one by which a closure takes hold of the variables around it.
fn captures(path: &[ASTNode]) -> bool {
    path.iter().rev().nth(2).is_some_and(|node| match node {
        ASTNode::Expr(Expr::Stmt(block)) => matches!(block.iter().next(), Some(Stmt::Share(_))),
        _ => false,
    })
}

/// Whether the closure at the end of the path is an argument of a call. Anywhere else it could be kept in one of the
/// variables it holds on to, and neither would ever be freed.
fn handed_over(path: &[ASTNode]) -> bool {
    path.iter().rev().nth(2).is_some_and(|node| match node {
        ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
        | ASTNode::Stmt(Stmt::FnCall(call, _)) => call.op_token.is_none(),
        _ => false,
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Call {
    Function,
    Method,
}

fn function(
    call: &FnCallExpr,
    form: Call,
    at: Position,
    own: &[(String, usize)],
    known: &Known<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let name = call.name.as_str();
    if call.op_token.is_some() || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return;
    }
    let mut own_arities = own.iter().filter(|(own, _)| own == name).map(|(_, params)| *params).peekable();
    if own_arities.peek().is_some() && form == Call::Function && !known.has(name) {
        if !own_arities.clone().any(|params| params == call.args.len()) {
            let wanted = own_arities.map(|params| params.to_string()).collect::<Vec<_>>().join(" or ");
            let message = format!("`{name}` takes {wanted} parameters, not {}.", call.args.len());
            found.push(fault(at, message));
        }
        return;
    }
    if let Some((_, least, most)) = known.arities.iter().find(|(word, ..)| *word == name) {
        let given = call.args.len() + usize::from(form == Call::Method);
        if !(*least..=*most).contains(&given) {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            found.push(fault(at, format!("`{name}` takes {wanted} parameters, not {given}.")));
        }
        return;
    }
    if own.iter().any(|(own, _)| own == name) || known.has(name) || name == "range" {
        return;
    }
    let hint = nearest(name, known.all().chain(own.iter().map(|(name, _)| name.as_str())))
        .map_or(String::new(), |near| format!(" Is it `{near}`?"));
    found.push(fault(at, format!("There is no function `{name}`.{hint}")));
}

/// Follows `kpi.owner.name` through the tables as far as they tell what comes next.
fn fields(record: &str, rest: &Expr, found: &mut Vec<Diagnostic>) {
    let (property, next) = match rest {
        Expr::Dot(chain, ..) => (&chain.lhs, Some(&chain.rhs)),
        Expr::Index(chain, ..) => (&chain.lhs, None),
        other => (other, None),
    };
    let Expr::Property(property, at) = property else { return };
    let name = property.2.as_str();
    let Some(known) = vocabulary::fields_of(record) else { return };
    match known.iter().find(|field| field.name == name) {
        Some(field) => {
            if let Some(next) = next {
                fields(field.ty.trim_end_matches('?'), next, found);
            }
        }
        None => {
            let hint = nearest(name, known.iter().map(|f| f.name))
                .map_or(String::new(), |near| format!(" Is it `{near}`?"));
            found.push(fault(*at, format!("`{record}` has no field `{name}`.{hint}")));
        }
    }
}

/// Where a function of that name is defined.
fn definition(source: &str, name: &str) -> Position {
    for (index, line) in source.lines().enumerate() {
        let Some(at) = line.find("fn ") else { continue };
        if line[at + 3..]
            .trim_start()
            .strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('('))
        {
            // Beyond these the position has no room; it only guides the eye.
            let line_number = u16::try_from(index + 1).unwrap_or(u16::MAX);
            let column = u16::try_from(at + 1).unwrap_or(u16::MAX);
            return Position::new(line_number, column);
        }
    }
    Position::NONE
}

/// What is worth a look although the rule runs.
pub(crate) fn doubts(kind: RuleKind, source: &str, ast: &AST) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if crate::rule::heading(source).0.is_empty() {
        let message = "The first line, written `//! ...`, is the title that people read; there is none.";
        found.push(doubt(Position::new(1, 1), message));
    }
    let mut named = BTreeSet::new();
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)))
            | Some(ASTNode::Stmt(Stmt::FnCall(call, _))) => {
                named.insert(call.name.to_string());
            }
            // A function may also be handed over by its name.
            Some(ASTNode::Expr(Expr::StringConstant(text, _))) => {
                named.insert(text.to_string());
            }
            _ => {}
        }
        true
    });
    let entry = vocabulary::entry(kind);
    for function in ast.iter_functions().filter(|f| f.name != entry && !f.name.contains('$')) {
        if !named.contains(function.name) {
            let message = format!("The function `{}` is not used.", function.name);
            found.push(doubt(definition(source, function.name), message));
        }
    }
    found.sort_by_key(|d| (d.line, d.column));
    found
}

/// Whether a rule asks for a field of that name, of whatever record.
pub(crate) fn reads(ast: &AST, field: &str) -> bool {
    let mut is_read = false;
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Expr(Expr::Property(property, _))) => is_read |= property.2.as_str() == field,
            Some(ASTNode::Expr(Expr::StringConstant(text, _))) => is_read |= text.as_str() == field,
            _ => {}
        }
        !is_read
    });
    is_read
}

/// The sentences a rule can say, as far as they are written out in it: what a translation has to know.
pub(crate) fn sentences(ast: &AST) -> Vec<String> {
    let mut found = Vec::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) = path.last()
        {
            let places: &[usize] = match call.name.as_str() {
                "step" => &[0],
                "error" | "warn" => &[1],
                "remind" => &[1, 2],
                _ => &[],
            };
            for place in places {
                if let Some(Expr::StringConstant(text, _)) = call.args.get(*place) {
                    found.push(text.to_string());
                }
            }
        }
        true
    });
    found.sort();
    found.dedup();
    found
}
