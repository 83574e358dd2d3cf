//! The report: one self-contained page, and the data set card.
