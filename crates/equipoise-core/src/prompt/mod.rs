//! Prompts: templates that turn a job and the style of its label into what the model reads.
