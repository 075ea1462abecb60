package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Serves a {@link SharedDirectory} to one client, the {@code sshfs} of a node, by the SFTP protocol version 3. One
 * thread uses it; any thread may read its {@link Traffic}.
 *
 * <p>The client sees the shared directory as "/". Symbolic links are sent unchanged and never followed here: the node
 * follows them, in its own file system. Names are bytes, independent of the locale. All files belong to the owner of
 * the root; set-user-id and similar bits are ignored. FIFOs, sockets and devices are listed as sockets and cannot be
 * opened. The server supports OpenSSH's extensions posix-rename, hardlink, fsync and statvfs.
 */
public final class SftpServer {

    private static final int VERSION = 3;
    private static final int VERSION_REPLY = 2;

    private static final List<String> EXTENSIONS = List.of(
            "posix-rename@openssh.com", "1",
            "statvfs@openssh.com", "2",
            "hardlink@openssh.com", "1",
            "fsync@openssh.com", "1");

    private final SharedDirectory shared;
    private final OutputStream out;
    private final Traffic traffic;
    private final SftpPacketReader request;
    private final SftpReply reply;
    private final SftpHandles handles = new SftpHandles();
    private final FileRequests files;
    private final NameRequests names;
    private Optional<IOException> fault = Optional.empty();

    /**
     * Makes a server for one client, whose user receives no notices.
     *
     * @param root the directory that is served
     * @param in the client's requests; the caller closes it
     * @param out for replies; each write consists of complete replies; closed at the end
     * @param traffic counts what the client reads and writes
     */
    public SftpServer(SharedDirectory root, InputStream in, OutputStream out, Traffic traffic) {
        this(root, in, out, traffic, ClientNotices.IGNORED);
    }

    /**
     * Makes a server for one client.
     *
     * @param root the directory that is served
     * @param in the client's requests; the caller closes it
     * @param out for replies; each write consists of complete replies; closed at the end
     * @param traffic counts what the client reads and writes
     * @param notices receives what the user should know
     */
    public SftpServer(SharedDirectory root, InputStream in, OutputStream out, Traffic traffic, ClientNotices notices) {
        this.shared = root;
        this.out = out;
        this.traffic = traffic;
        this.request = new SftpPacketReader(in);
        this.reply = new SftpReply(out);
        ChangeGuard guard = new ChangeGuard(root, notices);
        this.files = new FileRequests(root, request, reply, handles, traffic, guard);
        this.names = new NameRequests(root, request, reply, handles, guard);
    }

    /**
     * Answers requests until the client's stream ends, an invalid packet arrives, or replies can no longer be sent.
     * Then closes the client's open files, and {@code out}.
     */
    public void serve() {
        try (out;
                handles) {
            while (answerNext()) {
                // Until the end.
            }
            reply.flush();
        } catch (IOException e) {
            fault = Optional.of(e);
        }
    }

    /**
     * Returns why {@link #serve} ended.
     *
     * @return the error of the connection; empty if the client's stream has ended
     */
    public Optional<IOException> fault() {
        return fault;
    }

    /** Waits for a request and answers it. The reply may be sent by the next call only. Returns false at the end. */
    boolean answerNext() throws IOException {
        if (reply.isEnough()) {
            reply.flush();
        }
        if (!request.next(reply)) {
            return false;
        }
        traffic.countOperation();
        int type = request.readByte();
        if (type == SftpRequest.INIT.type()) {
            answerInit();
        } else {
            traffic.answering(true);
            answer(type, request.readInt());
            traffic.answering(false);
        }
        return true;
    }

    private void answerInit() {
        reply.begin(VERSION_REPLY).putInt(VERSION);
        for (String text : EXTENSIONS) {
            reply.putBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        reply.end();
    }

    private void answer(int type, int id) {
        try {
            SftpRequest wanted = SftpRequest.of(type);
            answerLocked(wanted == SftpRequest.EXTENDED ? SftpRequest.ofExtension(request.readBytes()) : wanted, id);
        } catch (IOException | RuntimeException e) {
            // A file system may throw any exception for unusual names. Only this request fails.
            Refusal refusal = Refusal.of(e);
            reply.status(id, refusal.status(), String.valueOf(refusal.getMessage()));
        }
    }

    private void answerLocked(SftpRequest wanted, int id) throws IOException {
        switch (wanted.access()) {
            case OPEN_FILES -> answerFile(wanted, id);
            case READS_NAMES -> answerNames(wanted, id, shared.reading());
            case CHANGES_NAMES -> answerNames(wanted, id, shared.changing());
        }
    }

    private void answerFile(SftpRequest wanted, int id) throws IOException {
        switch (wanted) {
            case CLOSE -> files.close(id);
            case READ -> files.read(id);
            case WRITE -> files.write(id);
            case READDIR -> files.readdir(id);
            case FSYNC -> files.fsync(id);
            default -> throw SftpRequest.unsupported();
        }
    }

    private void answerNames(SftpRequest wanted, int id, Lock lock) throws IOException {
        lock.lock();
        try {
            answerNames(wanted, id);
        } finally {
            lock.unlock();
        }
    }

    private void answerNames(SftpRequest wanted, int id) throws IOException {
        switch (wanted) {
            case OPEN -> names.open(id);
            case LSTAT -> names.lstat(id);
            case STAT -> names.stat(id);
            case SETSTAT -> names.setstat(id);
            case FSTAT -> files.fstat(id);
            case FSETSTAT -> files.fsetstat(id);
            case OPENDIR -> names.opendir(id);
            case REALPATH -> names.realpath(id);
            case READLINK -> names.readlink(id);
            case STATVFS -> names.statvfs(id);
            case REMOVE -> names.remove(id);
            case MKDIR -> names.mkdir(id);
            case RMDIR -> names.rmdir(id);
            case RENAME -> names.rename(id);
            case POSIX_RENAME -> names.posixRename(id);
            case SYMLINK -> names.symlink(id);
            case HARDLINK -> names.hardlink(id);
            default -> throw SftpRequest.unsupported();
        }
    }
}
