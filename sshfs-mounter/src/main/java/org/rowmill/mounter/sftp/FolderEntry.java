package org.rowmill.mounter.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * A name in an open directory of the shared tree. A file of this name need not exist.
 *
 * @param folder the open directory; closed with this entry
 * @param name a single name
 */
record FolderEntry(Folder folder, Path name) implements Closeable {

    PosixFileAttributes attributes() throws IOException {
        return folder.attributes(name);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
