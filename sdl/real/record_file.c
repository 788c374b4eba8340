/* Records in files: shared mappings, so that what was written survives the writer. */
#include "sdl/core/record_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct record_ring *map(int fd, size_t len, int protection)
{
	void *at = mmap(NULL, len, protection, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

struct sdl_record *sdl_record_create(const char *path, size_t size)
{
	size_t ring_size = record_ring_size(size);
	size_t len = sizeof(struct record_ring) + ring_size;
	struct record_ring *ring = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error;

	if (fd < 0)
		return NULL;
	if (!ftruncate(fd, (off_t)len))
		ring = map(fd, len, PROT_READ | PROT_WRITE);
	error = errno;
	close(fd);
	errno = error;
	if (!ring)
		return NULL;
	record_ring_init(ring, ring_size);
	return record_over(ring, len);
}

static bool is_record(const struct record_ring *ring, size_t len)
{
	return !memcmp(ring->magic, RECORD_MAGIC, sizeof ring->magic) &&
	       ring->size <= len - sizeof *ring && ring->size >= 4096 &&
	       !(ring->size & (ring->size - 1)) &&
	       ring->entry_size == sizeof(struct sdl_record_entry);
}

struct sdl_record *sdl_record_attach(const char *path)
{
	struct record_ring *ring = NULL;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && (size_t)st.st_size > sizeof *ring)
		ring = map(fd, (size_t)st.st_size, PROT_READ);
	close(fd);
	if (ring && !is_record(ring, (size_t)st.st_size)) {
		munmap(ring, (size_t)st.st_size);
		ring = NULL;
	}
	if (!ring) {
		errno = EINVAL;
		return NULL;
	}
	return record_over(ring, (size_t)st.st_size);
}

void sdl_record_destroy(struct sdl_record **record)
{
	struct sdl_record *r = *record;

	if (!r)
		return;
	if (r->mapped)
		munmap(r->ring, r->mapped);
	else
		free(r->ring);
	free(r->copy);
	free(r);
	*record = NULL;
}

int sdl_record_save(const struct sdl_record *r, const char *path)
{
	const char *from = (const char *)r->ring;
	size_t whole = sizeof *r->ring + r->ring->size;
	size_t left = whole;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (sdl_record_head(r) < r->ring->size) /* not full yet: the rest stays a hole */
		left = sizeof *r->ring + sdl_record_head(r);
	while (left && !rc) {
		ssize_t n = write(fd, from, left);

		if (n < 0 && errno != EINTR)
			rc = -errno;
		if (n > 0) {
			from += n;
			left -= (size_t)n;
		}
	}
	if (!rc && ftruncate(fd, (off_t)whole))
		rc = -errno;
	close(fd);
	return rc;
}
