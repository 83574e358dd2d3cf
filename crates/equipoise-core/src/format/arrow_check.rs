//! Lengths in Arrow IPC content, checked before the library allocates by them.

use arrow_ipc::{Block, MessageHeader, RecordBatch, root_as_footer, root_as_message};

/// Bytes that one compressed buffer may claim to hold: the format's own advice for array lengths.
const BUFFER_LIMIT: i64 = i32::MAX as i64;
/// Before a message of a stream, since Arrow 0.15.
const MARK: [u8; 4] = [0xFF; 4];

/// Checks every message of a stream: it lies within the content, and so do its buffers.
pub(super) fn check_stream(mut rest: &[u8]) -> Result<(), String> {
    loop {
        let Some((meta_len, prefix)) = meta_length(rest)? else { return Ok(()) };
        let (meta, body) = rest[prefix..].split_at_checked(meta_len).ok_or("a message is longer than the content")?;
        let body_len = check_message(meta, body)?;
        rest = &body[body_len..];
    }
}

/// Checks every block that the footer of a file names.
pub(super) fn check_file(bytes: &[u8]) -> Result<(), String> {
    let tail = bytes.len().checked_sub(10).ok_or("it is too short")?;
    let length = i32::from_le_bytes([bytes[tail], bytes[tail + 1], bytes[tail + 2], bytes[tail + 3]]);
    let start = usize::try_from(length).ok().and_then(|n| tail.checked_sub(n)).ok_or("the footer's length is wrong")?;
    let footer = root_as_footer(&bytes[start..tail]).map_err(|e| e.to_string())?;
    let dictionaries = footer.dictionaries().into_iter().flatten();
    let batches = footer.recordBatches().into_iter().flatten();
    dictionaries.chain(batches).try_for_each(|block| check_block(bytes, block))
}

fn check_block(bytes: &[u8], block: &Block) -> Result<(), String> {
    let outside = "a block lies outside the content";
    let at = usize::try_from(block.offset()).map_err(|_| outside)?;
    let meta_len = usize::try_from(block.metaDataLength()).map_err(|_| outside)?;
    let body_len = usize::try_from(block.bodyLength()).map_err(|_| outside)?;
    let (meta, rest) = bytes.get(at..).and_then(|b| b.split_at_checked(meta_len)).ok_or(outside)?;
    let body = rest.get(..body_len).ok_or(outside)?;
    let (_, prefix) = meta_length(meta)?.ok_or("a block without a message")?;
    check_message(&meta[prefix..], body).map(|_| ())
}

/// The length of a message's metadata and of the prefix that says it; `None` at the end of a stream.
fn meta_length(bytes: &[u8]) -> Result<Option<(usize, usize)>, String> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok());
    let cut = "it ends in the middle of a message";
    let (length, prefix) = match word(0) {
        None if bytes.is_empty() => return Ok(None),
        Some(MARK) => (word(4).ok_or(cut)?, 8),
        Some(length) => (length, 4),
        None => return Err(cut.to_owned()),
    };
    match i32::from_le_bytes(length) {
        0 => Ok(None),
        n => Ok(Some((usize::try_from(n).map_err(|_| "a message has a negative length")?, prefix))),
    }
}

/// Checks a message whose body is at the start of `rest`; gives the body's length.
fn check_message(meta: &[u8], rest: &[u8]) -> Result<usize, String> {
    let message = root_as_message(meta).map_err(|e| e.to_string())?;
    let body_len = usize::try_from(message.bodyLength()).map_err(|_| "a body has a negative length")?;
    let body = rest.get(..body_len).ok_or("it ends in the middle of a body")?;
    let batch = match message.header_type() {
        MessageHeader::RecordBatch => message.header_as_record_batch(),
        MessageHeader::DictionaryBatch => message.header_as_dictionary_batch().and_then(|d| d.data()),
        _ => None,
    };
    batch.map_or(Ok(()), |batch| check_buffers(&batch, body))?;
    Ok(body_len)
}

fn check_buffers(batch: &RecordBatch<'_>, body: &[u8]) -> Result<(), String> {
    for buffer in batch.buffers().into_iter().flatten() {
        let outside = "a buffer lies outside its body";
        let at = usize::try_from(buffer.offset()).map_err(|_| outside)?;
        let length = usize::try_from(buffer.length()).map_err(|_| outside)?;
        let bytes = body.get(at..).and_then(|b| b.get(..length)).ok_or(outside)?;
        if batch.compression().is_some()
            && let Some((head, _)) = bytes.split_first_chunk::<8>()
            && i64::from_le_bytes(*head) > BUFFER_LIMIT
        {
            return Err("a buffer claims to hold more than 2 GiB".to_owned());
        }
    }
    Ok(())
}
