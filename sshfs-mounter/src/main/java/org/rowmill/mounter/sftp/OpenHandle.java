package org.rowmill.mounter.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A file or directory that a client has open. One thread uses it. */
abstract sealed class OpenHandle implements Closeable {

    private SftpPath path;

    private OpenHandle(SftpPath path) {
        this.path = path;
    }

    /** Returns the path by which the client knows it. */
    SftpPath path() {
        return path;
    }

    /** Adapts the path after the same client has renamed something. */
    void moved(SftpPath from, SftpPath to) {
        path = path.moved(from, to);
    }

    /** A regular file. */
    static final class OpenFile extends OpenHandle {
        private final Object key;
        private FileStatus status;
        private final @Nullable FileChannel reading;
        private final @Nullable FileChannel writing;
        private final boolean append;

        /**
         * Makes a handle. Both channels may be the same; the key identifies the file that the path must still lead to.
         */
        OpenFile(
                SftpPath path,
                Object key,
                FileStatus status,
                @Nullable FileChannel reading,
                @Nullable FileChannel writing,
                boolean append) {
            super(path);
            this.key = key;
            this.status = status;
            this.reading = reading;
            this.writing = writing;
            this.append = append;
        }

        Object key() {
            return key;
        }

        boolean append() {
            return append;
        }

        FileChannel reading() throws Refusal {
            return require(reading, "the file is not open for reading");
        }

        FileChannel writing() throws Refusal {
            return require(writing, "the file is not open for writing");
        }

        /** Returns either channel. */
        FileChannel any() throws Refusal {
            return reading == null ? writing() : reading;
        }

        private static FileChannel require(@Nullable FileChannel channel, String otherwise) throws Refusal {
            if (channel == null) {
                throw new Refusal(SftpStatus.PERMISSION_DENIED, otherwise);
            }
            return channel;
        }

        /** Returns the last known status, for a file that its path no longer leads to. */
        FileStatus lastStatus() throws IOException {
            return status.withSize(any().size());
        }

        void setLastStatus(FileStatus status) {
            this.status = status;
        }

        @Override
        public void close() throws IOException {
            try (FileChannel first = reading;
                    FileChannel second = writing) {
                // Both are closed even if one fails. Closing a channel twice has no effect.
                assert first != null || second != null;
            }
        }
    }

    /** A directory that is listed. */
    static final class OpenDirectory extends OpenHandle {
        private final Folder folder;
        private final Iterator<Path> entries;
        private boolean begun;

        OpenDirectory(SftpPath path, Folder folder) {
            super(path);
            this.folder = folder;
            this.entries = folder.entries();
        }

        Folder folder() {
            return folder;
        }

        /** Returns whether this is the first call. */
        boolean begin() {
            boolean first = !begun;
            begun = true;
            return first;
        }

        /** Returns the entries that are not listed yet. */
        Iterator<Path> entries() {
            return entries;
        }

        @Override
        public void close() throws IOException {
            folder.close();
        }
    }
}
