//! Columns of tables that hold a list of labels in each row, as sets with several labels do.

use arrow_array::builder::{LargeStringBuilder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType, Field};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands between the labels of a row that are read as one.
const BETWEEN: &str = ", ";

/// Whether a column of this type holds lists of labels; lists of other numbers are vectors.
pub(super) fn is_list_of_labels(data_type: &DataType) -> bool {
    match data_type {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            let item = item.data_type();
            item.is_integer() || matches!(item, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        }
        _ => false,
    }
}

/// The labels of each row, those of a row as one in their order; and the labels of the rows that have several, by what they are as one.
/// `called` gives a label's name, `None` for one that stands for none.
///
/// # Errors
/// Where the column cannot be read.
pub(super) fn labels_of(
    column: &ArrayRef,
    called: impl Fn(&str) -> Option<String>,
) -> Result<(LargeStringArray, BTreeMap<String, Vec<String>>), ArrowError> {
    let wanted = DataType::LargeList(Arc::new(Field::new_list_field(DataType::LargeUtf8, true)));
    let lists = cast_with_options(column, &wanted, &CastOptions { safe: false, ..CastOptions::default() })?;
    let lists = lists.as_list::<i64>();
    let of_row = |at: usize| -> Vec<String> {
        if lists.is_null(at) {
            return Vec::new();
        }
        let items = lists.value(at);
        let items = items.as_string::<i64>();
        let mut labels: Vec<String> = items.iter().flatten().filter_map(&called).collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    };
    let rows: Vec<Vec<String>> = (0..lists.len()).map(of_row).collect();
    let joined = rows.iter().map(|labels| (!labels.is_empty()).then(|| labels.join(BETWEEN)));
    let joined = LargeStringArray::from_iter(joined);
    let sets = rows.into_iter().filter(|labels| labels.len() > 1).map(|labels| (labels.join(BETWEEN), labels));
    Ok((joined, sets.collect()))
}

/// Labels as a column of lists of `data_type`; `sets` holds those that stand for several, and `stored` gives what stands for one.
///
/// # Errors
/// Where a label is none of the items that the lists hold.
pub(super) fn lists_of<'l>(
    labels: impl Iterator<Item = Option<&'l str>>,
    data_type: &DataType,
    sets: &BTreeMap<String, Vec<String>>,
    stored: impl Fn(&str) -> String,
) -> Result<ArrayRef, ArrowError> {
    let mut lists = ListBuilder::new(LargeStringBuilder::new());
    for label in labels {
        let Some(label) = label else {
            lists.append_null();
            continue;
        };
        match sets.get(label) {
            Some(labels) => labels.iter().for_each(|one| lists.values().append_value(stored(one))),
            None => lists.values().append_value(stored(label)),
        }
        lists.append(true);
    }
    let lists: ArrayRef = Arc::new(lists.finish());
    cast_with_options(&lists, data_type, &CastOptions { safe: false, ..CastOptions::default() })
}

#[cfg(test)]
mod tests {
    use super::super::class_names;
    use super::super::table::{TableRows, choose_columns};
    use super::super::{Dialect, MultiLabel, RawRow, ReadError, ReadRequest};
    use super::*;
    use arrow_array::RecordBatch;
    use arrow_schema::Schema;

    #[test]
    fn rows_with_several_labels_are_asked_about_left_out_or_taken_as_one() {
        let of = DataType::List(Arc::new(Field::new_list_field(DataType::Int32, true)));
        let both = BTreeMap::from([("both".to_owned(), vec!["1".to_owned(), "0".to_owned()])]);
        let labels = [Some("1"), Some("0"), Some("both")].into_iter();
        let labels = lists_of(labels, &of, &both, str::to_owned).expect("lists");
        let texts: ArrayRef = Arc::new(LargeStringArray::from_iter_values(["a", "b", "c"]));
        let names = class_names::metadata("labels", &["neg".to_owned(), "pos".to_owned()]);
        let fields = vec![Field::new("text", DataType::LargeUtf8, false), Field::new("labels", of, true)];
        let schema = Arc::new(Schema::new_with_metadata(fields, names));
        let batch = RecordBatch::try_new(schema.clone(), vec![texts, labels]).expect("a batch");
        let read = |multi_label| {
            let dialect = Dialect { multi_label, ..Dialect::default() };
            let request = ReadRequest { dialect, ..ReadRequest::default() };
            let chosen = choose_columns(&schema, &request, || Ok(Some(batch.clone())))?;
            let mut labels = Vec::new();
            let mut sink = |row: RawRow<'_>| {
                labels.push(row.label.to_owned());
                Ok(())
            };
            let mut rows = TableRows::new(schema.clone(), chosen, &request, &mut sink);
            rows.push(&batch)?;
            rows.finish()?;
            Ok::<_, ReadError>(labels)
        };
        let asked = read(MultiLabel::Ask).expect_err("asked");
        assert!(matches!(&asked, ReadError::MultiLabel { shown, .. } if shown == "neg, pos"), "{asked}");
        assert_eq!(read(MultiLabel::Drop).expect("rows"), ["pos", "neg"]);
        assert_eq!(read(MultiLabel::Powerset).expect("rows"), ["pos", "neg", "neg, pos"]);
    }

    #[test]
    fn what_is_read_is_written_as_it_was() {
        let of = |item| DataType::List(Arc::new(Field::new_list_field(item, true)));
        for (item, one, two) in [(DataType::Int64, "2", ["2", "7"]), (DataType::Utf8, "Boston, MA", ["fear", "joy"])] {
            let both = two.join(BETWEEN);
            let sets = BTreeMap::from([(both.clone(), two.map(str::to_owned).to_vec())]);
            let labels = [Some(one), None, Some(both.as_str())];
            let lists = lists_of(labels.into_iter(), &of(item), &sets, str::to_owned).expect("lists");
            let (read, again) = labels_of(&lists, |label| Some(label.to_owned())).expect("labels");
            assert_eq!(read.iter().collect::<Vec<_>>(), labels);
            assert_eq!(again, sets, "a comma within a label parts nothing");
            assert!(is_list_of_labels(lists.data_type()));
        }
        assert!(!is_list_of_labels(&of(DataType::Float32)));
        assert!(lists_of([Some("joy")].into_iter(), &of(DataType::Int64), &BTreeMap::new(), str::to_owned).is_err());
    }
}
