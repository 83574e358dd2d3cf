//! File formats: how labelled texts are read and written.
