/* brocker.client.http.UnixSocket: connects to a socket of unix(7). Built by scripts/dist. */
#include <errno.h>
#include <jni.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connected(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int result;
    do {
        result = connect(fd, (const struct sockaddr *)address, sizeof *address);
    } while (result != 0 && errno == EINTR);
    if (result == 0) return fd;
    int failure = errno;
    close(fd);
    return -failure;
}

/* Gives 0, the descriptor being in `descriptor`, or errno. */
JNIEXPORT jint JNICALL Java_brocker_client_http_UnixSocket_connect(
    JNIEnv *env, jclass type, jbyteArray path, jobject descriptor) {
    (void)type;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    jsize length = (*env)->GetArrayLength(env, path);
    if ((size_t)length >= sizeof address.sun_path) return ENAMETOOLONG;
    (*env)->GetByteArrayRegion(env, path, 0, length, (jbyte *)address.sun_path);
    jfieldID number = (*env)->GetFieldID(env, (*env)->GetObjectClass(env, descriptor), "fd", "I");
    if (number == NULL) return 0; /* NoSuchFieldError is thrown */
    int fd = connected(&address);
    if (fd < 0) return -fd;
    (*env)->SetIntField(env, descriptor, number, fd);
    return 0;
}
