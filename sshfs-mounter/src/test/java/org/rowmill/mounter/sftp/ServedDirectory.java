package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Serves a directory to a client, for each test of the server. */
abstract class ServedDirectory {

    @TempDir
    Path root;

    SharedDirectory shared;
    ServedClient served;
    SftpClient client;

    @BeforeEach
    void connect() throws IOException {
        shared = new SharedDirectory(root);
        served = new ServedClient(shared);
        client = served.client();
    }

    @AfterEach
    void disconnect() throws IOException {
        served.close();
    }

    void file(String name, String content) throws IOException {
        Files.writeString(root.resolve(name), content);
    }

    String content(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }
}
