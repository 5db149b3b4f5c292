//! The cards that plugins put on the dashboard: data that the web app draws, never markup.

use serde::{Deserialize, Serialize};

use crate::scoring::words;

words! {
    /// What a figure on a card means.
    Tone { Neutral = "neutral", Good = "good", Warn = "warn", Bad = "bad" }

    SeriesKind { Line = "line", Bar = "bar" }
}

/// A value in a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Cell {
    Number(f64),
    Text(String),
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StatData {
    /// `null` where there is nothing to show.
    #[serde(default)]
    pub value: Option<Cell>,
    #[serde(default)]
    pub unit: String,
    /// A line below the figure.
    #[serde(default)]
    pub hint: String,
    #[serde(default = "neutral")]
    pub tone: Tone,
}

const fn neutral() -> Tone {
    Tone::Neutral
}

/// A chart: every line has one value for each label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeriesData {
    #[serde(default = "line")]
    pub chart: SeriesKind,
    /// At most 60.
    pub labels: Vec<String>,
    /// At most 6.
    pub series: Vec<SeriesLine>,
    #[serde(default)]
    pub unit: String,
}

const fn line() -> SeriesKind {
    SeriesKind::Line
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SeriesLine {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

/// At most 50 rows of 8 columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TableData {
    pub columns: Vec<String>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Option<Cell>>>,
}

/// Plain text; an empty line begins a new paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TextData {
    /// At most 2000 characters.
    pub text: String,
}

/// What a card shows. A plugin's function gives it as `#{ kind: "stat", data: #{ value: 3 } }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum WidgetData {
    Stat(StatData),
    Series(SeriesData),
    Table(TableData),
    Text(TextData),
}

/// Characters of a label, a name or a cell of a card.
const LABEL_MAX: usize = 200;

impl WidgetData {
    /// Holds a card to its bounds.
    ///
    /// # Errors
    /// What is too much, in an English sentence.
    pub fn check(&self) -> Result<(), String> {
        let label = |what: &str, text: &str| match text.chars().count() {
            count if count > LABEL_MAX => Err(format!("{what} is longer than {LABEL_MAX} characters")),
            _ => Ok(()),
        };
        let cell = |value: &Option<Cell>| match value {
            Some(Cell::Text(text)) => label("a cell", text),
            Some(Cell::Number(_)) | None => Ok(()),
        };
        let most = |what: &str, count: usize, most: usize| match count {
            count if count > most => Err(format!("it has {count} {what}, at most {most} are shown")),
            _ => Ok(()),
        };
        match self {
            Self::Stat(stat) => {
                label("its unit", &stat.unit)?;
                label("its hint", &stat.hint)?;
                cell(&stat.value)
            }
            Self::Series(series) => {
                most("labels", series.labels.len(), 60)?;
                most("lines", series.series.len(), 6)?;
                label("its unit", &series.unit)?;
                for line in &series.series {
                    label("a name", &line.name)?;
                    if line.values.len() != series.labels.len() {
                        let (values, labels) = (line.values.len(), series.labels.len());
                        return Err(format!("a line has {values} values for {labels} labels"));
                    }
                }
                series.labels.iter().try_for_each(|text| label("a label", text))
            }
            Self::Table(table) => {
                most("columns", table.columns.len(), 8)?;
                most("rows", table.rows.len(), 50)?;
                table.columns.iter().try_for_each(|text| label("the head of a column", text))?;
                for row in &table.rows {
                    if row.len() != table.columns.len() {
                        let (cells, columns) = (row.len(), table.columns.len());
                        return Err(format!("a row has {cells} cells in {columns} columns"));
                    }
                    row.iter().try_for_each(cell)?;
                }
                Ok(())
            }
            Self::Text(text) => match text.text.chars().count() {
                count if count > 2000 => Err("its text is longer than 2000 characters".into()),
                _ => Ok(()),
            },
        }
    }
}

/// A card on the dashboard of the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginWidget {
    pub plugin_id: String,
    pub plugin_name: String,
    /// Names the card within the plugin.
    pub function: String,
    pub title: String,
    /// Where the card leads in the web app; absent where nowhere.
    pub link: Option<String>,
    #[serde(flatten)]
    pub content: WidgetData,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PluginWidgets {
    pub items: Vec<PluginWidget>,
}
