package org.rowmill.mounter.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The open files and directories of one client. One thread uses it. */
final class SftpHandles implements Closeable {

    static final int MAX_HANDLES = 2048;

    private final Map<Long, OpenHandle> handles = new LinkedHashMap<>();

    /** Numbers are never used twice: a handle that a client has kept too long must not mean another file. */
    private long next;

    void requireRoom() throws Refusal {
        if (handles.size() >= MAX_HANDLES) {
            throw new Refusal(SftpStatus.FAILURE, "at most " + MAX_HANDLES + " files can be open at once");
        }
    }

    byte[] add(OpenHandle handle) {
        handles.put(next, handle);
        return ByteBuffer.allocate(Long.BYTES).putLong(next++).array();
    }

    OpenHandle get(byte[] id) throws Refusal {
        OpenHandle handle = handles.get(number(id));
        if (handle == null) {
            throw new Refusal(SftpStatus.FAILURE, "unknown handle");
        }
        return handle;
    }

    private static long number(byte[] id) {
        return id.length == Long.BYTES ? ByteBuffer.wrap(id).getLong() : -1;
    }

    OpenHandle.OpenFile getFile(byte[] id) throws Refusal {
        if (get(id) instanceof OpenHandle.OpenFile file) {
            return file;
        }
        throw new Refusal(SftpStatus.FAILURE, "the handle of a file was expected");
    }

    OpenHandle.OpenDirectory getDirectory(byte[] id) throws Refusal {
        if (get(id) instanceof OpenHandle.OpenDirectory directory) {
            return directory;
        }
        throw new Refusal(SftpStatus.FAILURE, "the handle of a directory was expected");
    }

    void close(byte[] id) throws IOException {
        OpenHandle handle = get(id);
        handles.remove(number(id));
        handle.close();
    }

    void moved(SftpPath from, SftpPath to) {
        handles.values().forEach(handle -> handle.moved(from, to));
    }

    /** Closes all handles, even if some fail. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (OpenHandle handle : handles.values()) {
            try {
                handle.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        handles.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
